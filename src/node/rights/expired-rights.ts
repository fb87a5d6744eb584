import type { SessionKey } from '../../domain/ids.ts';
import { expiredRights, sessionsToPush } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import { type RightEndListeners, RightEnds } from './end-rights.ts';

/** What the rest of the node does when a right ends or begins. */
export interface ExpiredRightsListeners extends RightEndListeners {
  /** Called for a session that a party may see and has not received yet. */
  pushSession(session: SessionKey): void;
}

/** Creates the check of rights: ends those whose consent is withdrawn or whose contract is over (SEC-44), and pushes sessions to parties that may see them since the last check. */
export function createExpiredRights(context: Context, { pushSession, ...listeners }: ExpiredRightsListeners): () => Promise<void> {
  const { store, clock } = context;
  const ends = new RightEnds(context, listeners);
  return async () => {
    await ends.endAll(await store.all(expiredRights(clock.now())));
    for (const session of await store.all(sessionsToPush(clock.now()))) pushSession(session);
  };
}
