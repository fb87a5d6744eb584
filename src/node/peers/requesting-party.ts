import { fold, type PartyKey, partyKey } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { PartyName } from '../../ocpi/headers.ts';
import { tokenPartyOf } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** The parties of a platform that may ask about other people's sessions: those whose customers they are, and those who steer for others. */
const askingParties = (peer: KnownPeer): readonly PartyKey[] => [...new Set([...partiesOf(peer.roles, 'EMSP'), ...partiesOf(peer.roles, 'SCSP')])];

/** The parties that a request may speak for: the one it names, or all of the platform's (RTE-18). */
export function requestingPartiesOf(peer: KnownPeer, from: PartyName | undefined): readonly PartyKey[] {
  const all = askingParties(peer);
  const named = from && partyKey(from.countryCode, from.partyId);
  return named === undefined ? all : all.filter((it) => it === named);
}

/**
 * The one party that a request about a session speaks for. A platform with several that names none means the owner of the session
 * where none of them is, it must say.
 */
export async function requestingPartyOf(
  { store }: Pick<Context, 'store'>,
  { peer, from, sessionId }: { peer: KnownPeer; from: PartyName | undefined; sessionId: string },
): Promise<Result<PartyKey | undefined>> {
  const askers = requestingPartiesOf(peer, from);
  if (askers.length < 2) return ok(askers[0]);
  const owner = await store.first(tokenPartyOf(fold(sessionId)));
  if (owner !== undefined && askers.includes(owner)) return ok(owner);
  return fail(`OCPI-from-party-id: missing, needed is one of ${askers.join(', ')}`);
}
