import type { Context } from '../core/context.ts';
import { encryptOldRows } from './encrypt-old-rows.ts';
import { forgetOld } from './forget-old.ts';

/** What is done again and again. */
export interface Jobs {
  retryPushes(): Promise<void>;
  refreshActiveProfiles(): Promise<void>;
  /** Who is behind hubs, and the sessions of everyone. */
  pullSessions(): Promise<void>;
  pullTokens(): Promise<void>;
  pushTokens(): Promise<void>;
  renewTokens(): Promise<void>;
  /** What is drawn now is taken down. */
  sampleLoad(): Promise<void>;
  /** What should have ended, and did not. */
  endOverdue(): Promise<void>;
  /** Rights that have ended, and those that are new. */
  endExpiredRights(): Promise<void>;
  /** Peers that a command in another process brought in or took leave of. */
  findChangedPeers(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Between two batches of work that has time, so that it takes a small part of the store's. */
const PAUSE_MS = 20;

/** Starts the chores of a node; what it returns stops them. */
export function startJobs(context: Context, chores: Jobs): () => void {
  const { clock, config } = context;
  const stops = new Set<() => void>();

  function every(what: string, period: () => number, work: () => Promise<unknown>): void {
    const stop = clock.after(period(), () => {
      stops.delete(stop);
      work()
        .catch((error) => context.reportError(what, error))
        .finally(() => every(what, period, work));
    });
    stops.add(stop);
  }

  let stopped = false;
  const pause = () => new Promise<void>((then) => clock.after(PAUSE_MS, then));
  const running = (what: string, period: () => number, work: () => Promise<unknown>) => every(what, period, async () => (stopped ? undefined : work()));
  running('overdue exchanges', () => SECOND, chores.endOverdue);
  running('load', () => 10 * SECOND, chores.sampleLoad);
  running('rights', () => 5 * SECOND, chores.endExpiredRights);
  running('peers', () => 5 * SECOND, chores.findChangedPeers);
  running('session pushes', () => MINUTE, chores.retryPushes);
  running('active profiles', () => 5 * MINUTE, chores.refreshActiveProfiles);
  running('session pulls', () => splay(config.session_pull * 1000), chores.pullSessions);
  running('token pulls', () => splay(config.token_pull * 1000), chores.pullTokens);
  running('token pushes', () => MINUTE, chores.pushTokens);
  running('token renewal', () => splay(DAY), chores.renewTokens);
  running(
    'old data',
    () => 10 * MINUTE,
    () => forgetOld({ ...context, pause, stopped: () => stopped }),
  );
  encryptOldRows({ ...context, pause, stopped: () => stopped }).catch((error) => {
    // A store that closes under it leaves the rest to the next start.
    if (!stopped) context.reportError('data of drivers in clear', error);
  });
  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };
}

/** A fifth more or less, so that many nodes do not ask at one moment (TRN-12). */
const splay = (milliseconds: number, random = Math.random) => Math.round(milliseconds * (0.8 + 0.4 * random()));
