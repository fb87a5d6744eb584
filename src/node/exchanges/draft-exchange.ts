import { exchangeId } from '../../domain/ids.ts';
import { epochMillis, later } from '../../domain/units.ts';
import type { Request } from '../../ocpi/binding.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import type { NewExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** The fields that differ from one side to another; only an exchange with a charge point of ours has `station` and `profileId`. */
type Given = Omit<NewExchange, 'id' | 'acceptedAt' | 'deadline' | 'station' | 'profileId'> & Partial<Pick<NewExchange, 'station' | 'profileId'>>;

/** Deadline of a request that waits for the immediate answer of a peer, in ms after its start. */
const POSTING_MS = 60_000;

/** A new exchange, to be inserted by the caller. Its deadline: one minute for a request that goes to a peer, else its own timeout. */
export function draftExchange({ clock, newId }: Pick<Context, 'clock' | 'newId'>, given: Given): NewExchange {
  const now = clock.now();
  const deadline = given.state === 'POSTING' ? epochMillis(now + POSTING_MS) : later(now, given.timeout);
  return { station: undefined, profileId: undefined, ...given, id: exchangeId(newId()), acceptedAt: now, deadline };
}

/** The fields of an exchange that come from the request of a peer. */
export const fieldsOfRequest = ({ peer, edition, headers: { requestId, correlationId } }: Request<Endpoint, KnownPeer>) => ({
  peer: peer.id,
  edition,
  requestId,
  correlationId,
});
