import { crawl } from '../../ocpi/crawl.ts';
import { getSessions } from '../../ocpi/sessions/get-sessions.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { hasRole, hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { createPulls, type Pulls } from '../peers/pulls.ts';
import type { RemoteSessions } from './remote-sessions.ts';

/**
 * Pulls sessions from CPOs, and from eMSPs when the node has an SCSP. A pull starts where the last one ended, since old sessions do not
 * change. Each of our parties pulls the sessions that it may see.
 */
export function createSessionPulls(context: Context, sessions: RemoteSessions): Pulls {
  return createPulls<WireSession>(context, {
    module: 'sessions',
    item: 'session',
    pageSize: 1000,
    whenStale: 'CHANGED',
    owners: hasRole(context.config, 'SCSP') ? ['CPO', 'EMSP'] : ['CPO'],
    receivers: hostedParties(context.config, 'EMSP', 'SCSP'),
    crawl: (client, how) => crawl(client, getSessions, how),
    keep: (parties, session) => sessions.replace(parties, session),
  });
}
