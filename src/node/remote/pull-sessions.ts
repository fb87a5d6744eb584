import { crawl } from '../../ocpi/crawl.ts';
import { getSessions } from '../../ocpi/sessions/get-sessions.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { hasRole, hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { createPulls, type Pulls } from '../peers/pulls.ts';
import type { RemoteSessions } from './remote-sessions.ts';

/** Pulls sessions of CPOs, and for an SCSP of eMSPs as well, always from where the last pull ended: old sessions do not change. Each party of ours asks for those that it may see. */
export function createSessionPulls(context: Context, sessions: RemoteSessions): Pulls {
  return createPulls<WireSession>(context, {
    module: 'sessions',
    item: 'session',
    pageSize: 1000,
    whenInDoubt: 'CHANGED',
    tellers: hasRole(context.config, 'SCSP') ? ['CPO', 'EMSP'] : ['CPO'],
    askers: hostedParties(context.config, 'EMSP', 'SCSP'),
    crawl: (line, how) => crawl(line, getSessions, how),
    keep: (telling, session) => sessions.replace(telling, session),
  });
}
