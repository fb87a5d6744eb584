import { crawl } from '../ocpi/crawl.ts';
import { getSessions } from '../ocpi/sessions/get-sessions.ts';
import type { WireSession } from '../ocpi/sessions/session.ts';
import type { ForeignSessions } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import { createPulls, type Pulls } from './pull-list.ts';

/** Pulls sessions from CPOs, always from where the last pull ended: old sessions do not change. */
export const createSessionPulls = (ground: Ground, sessions: ForeignSessions): Pulls =>
  createPulls<WireSession>(ground, {
    module: 'sessions',
    item: 'session',
    pageSize: 1000,
    whenInDoubt: 'CHANGED',
    crawl: (line, how) => crawl(line, getSessions, how),
    keep: (peer, session) => sessions.replace(peer, session),
  });
