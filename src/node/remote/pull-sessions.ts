import { keyOf } from '../../domain/party.ts';
import { crawl } from '../../ocpi/crawl.ts';
import { getSessions } from '../../ocpi/sessions/get-sessions.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { Ground } from '../core/context.ts';
import { createPulls, type Pulls } from '../peers/pulls.ts';
import type { ForeignSessions } from './remote-sessions.ts';

/** Pulls sessions of CPOs, and for an SCSP of eMSPs as well, always from where the last pull ended: old sessions do not change. Each party of ours asks for those that it may see. */
export function createSessionPulls(ground: Ground, sessions: ForeignSessions): Pulls {
  const ours = ground.config.parties.filter(({ role }) => role === 'EMSP' || role === 'SCSP');
  const steers = ours.some(({ role }) => role === 'SCSP');
  return createPulls<WireSession>(ground, {
    module: 'sessions',
    item: 'session',
    pageSize: 1000,
    whenInDoubt: 'CHANGED',
    tellers: steers ? ['CPO', 'EMSP'] : ['CPO'],
    askers: ours.map(keyOf),
    crawl: (line, how) => crawl(line, getSessions, how),
    keep: (telling, session) => sessions.replace(telling, session),
  });
}
