import { fold, type PartyKey } from '../../domain/ids.ts';
import { sessionExists } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** Leaves a trace of who named a session that it may not see; the answer is the one for a session that does not exist (SEC-15). */
export function noteForeignSession({ store, security, reportError }: Context, by: { peer: KnownPeer; party: PartyKey | undefined }, sessionId: string): void {
  const { peer, party } = by;
  store.first(sessionExists(fold(sessionId))).then(
    (key) => {
      if (key)
        security.note({ kind: 'foreign-session', peer: peer.id, ...(party && { party }), says: `${party ?? peer.id} named a session that it may not see` });
    },
    (error) => reportError('foreign session', error),
  );
}
