import { partyKey } from '../../domain/ids.ts';
import { acknowledged, created, invalid, notFound, type Reply, refused, success } from '../../ocpi/envelope.ts';
import type { PartyName, Routing } from '../../ocpi/headers.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { MessageParties, ReceiveOutcome } from '../peers/received-object.ts';

/** The reply to a PUT or PATCH of an object. An object that this peer may not send gets the same reply as one that does not exist (SEC-15). */
export function replyTo(outcome: ReceiveOutcome): Reply<never> {
  switch (outcome) {
    case 'created':
      return created();
    case 'changed':
      return acknowledged();
    case 'foreign':
    case 'unknown':
      return notFound();
    case 'too many':
      return refused(2000, 'this party has sent more objects than this node stores for one party');
    case 'unknown token':
      return refused(2004, 'cdr_token: found a token that belongs to no eMSP of this node, allowed: tokens of the party that the session is sent to');
    default:
      return outcome satisfies never;
  }
}

/** The reply to a GET of one object. */
export const found = <T>(object: T | undefined): Reply<T> => (object === undefined ? notFound() : success(object));

/** Refuses a message with this problem; undefined when there is none. */
export const invalidIf = (problem: string | undefined): Reply<never> | undefined => (problem === undefined ? undefined : invalid(problem));

/** The peer and the parties of a message, from its routing headers. */
export const partiesOfMessage = (peer: KnownPeer, { from, to }: Routing): MessageParties => ({ peer, from: keyFor(from), to: keyFor(to) });
const keyFor = (party: PartyName | undefined) => party && partyKey(party.countryCode, party.partyId);
