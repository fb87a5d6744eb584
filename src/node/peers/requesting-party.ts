import { fold, type PartyKey, partyKey } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Reply } from '../../ocpi/envelope.ts';
import type { PartyName } from '../../ocpi/headers.ts';
import { sessionExists, tokenPartyOf } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** The parties of a peer that may send requests about sessions: eMSPs for their customers, SCSPs for others. */
const requestingParties = (peer: KnownPeer): readonly PartyKey[] => [...new Set([...partiesOf(peer.roles, 'EMSP'), ...partiesOf(peer.roles, 'SCSP')])];

/** The parties that a request may be from: the party in its headers, or all of the peer (RTE-18). */
export function requestingPartiesOf(peer: KnownPeer, from: PartyName | undefined): readonly PartyKey[] {
  const all = requestingParties(peer);
  const named = from && partyKey(from.countryCode, from.partyId);
  return named === undefined ? all : all.filter((it) => it === named);
}

/**
 * The party that a request about a session is from. If the headers do not name it and the peer has several, it is the owner of the
 * session; fails when the owner is none of them.
 */
export async function requestingPartyOf(
  { store }: Pick<Context, 'store'>,
  { peer, from, sessionId }: { peer: KnownPeer; from: PartyName | undefined; sessionId: string },
): Promise<Result<PartyKey | undefined>> {
  const candidates = requestingPartiesOf(peer, from);
  if (candidates.length < 2) return ok(candidates[0]);
  const owner = await store.first(tokenPartyOf(fold(sessionId)));
  if (owner !== undefined && candidates.includes(owner)) return ok(owner);
  return fail(`OCPI-from-party-id: missing, needed is one of ${candidates.join(', ')}`);
}

/**
 * The reply to a party that names a session which it may not see, or which does not exist: both get the same (SEC-15), after the same time
 * . Whether it exists is looked up after the reply, and is then a security event.
 */
export const withForeignSessionNoted = <A>(
  context: Context,
  { reply, sessionId, ...by }: { reply: Reply<A>; peer: KnownPeer; party: PartyKey | undefined; sessionId: string },
): Reply<A> => ({ ...reply, afterwards: () => noteForeignSession(context, by, sessionId) });

function noteForeignSession({ store, security, work }: Context, by: { peer: KnownPeer; party: PartyKey | undefined }, sessionId: string): void {
  const { peer, party } = by;
  work.start('foreign session', async () => {
    const exists = await store.first(sessionExists(fold(sessionId)));
    if (exists)
      security.note({ kind: 'foreign-session', peer: peer.id, ...(party && { party }), says: `${party ?? peer.id} named a session that it may not see` });
  });
}
