import type { Context } from '../core/context.ts';
import { encryptOldRows } from './encrypt-old-rows.ts';
import { forgetOld } from './forget-old.ts';

/** The work that a node repeats. */
export interface Jobs {
  retryPushes(): Promise<void>;
  refreshActiveProfiles(): Promise<void>;
  /** Client info of hubs; sessions and locations of all peers. */
  pullSessions(): Promise<void>;
  pullTokens(): Promise<void>;
  pushTokens(): Promise<void>;
  /** Renews the credentials tokens of peers. */
  renewTokens(): Promise<void>;
  /** Records the load of each EVSE. */
  sampleLoad(): Promise<void>;
  /** Ends exchanges beyond their deadline. */
  endOverdue(): Promise<void>;
  /** Withdraws what expired rights left, and pushes sessions to parties with new rights. */
  endExpiredRights(): Promise<void>;
  /** Finds peers that a command in another process registered or unregistered. */
  findChangedPeers(): Promise<void>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The pause between two batches of work that is not urgent. */
const PAUSE_MS = 20;

/** Starts the jobs of a node; the returned function stops them. A job starts its next period when it has finished. */
export function startJobs(context: Context, jobs: Jobs): () => void {
  const { clock, config } = context;
  const stops = new Set<() => void>();

  function every(what: string, period: () => number, work: () => Promise<unknown>): void {
    const wait = period();
    context.health.expectJob(what, wait);
    const stop = clock.after(wait, () => {
      stops.delete(stop);
      work()
        .then(() => context.health.jobEnded(what))
        .catch((error) => context.reportError(what, error))
        .finally(() => every(what, period, work));
    });
    stops.add(stop);
  }

  let stopped = false;
  const pause = () => new Promise<void>((then) => clock.after(PAUSE_MS, then));
  const repeat = (what: string, period: () => number, work: () => Promise<unknown>) => every(what, period, async () => (stopped ? undefined : work()));
  repeat('overdue exchanges', () => SECOND_MS, jobs.endOverdue);
  repeat('load', () => 10 * SECOND_MS, jobs.sampleLoad);
  repeat('rights', () => 5 * SECOND_MS, jobs.endExpiredRights);
  repeat('peers', () => 5 * SECOND_MS, jobs.findChangedPeers);
  repeat('session pushes', () => MINUTE_MS, jobs.retryPushes);
  repeat('active profiles', () => 5 * MINUTE_MS, jobs.refreshActiveProfiles);
  repeat('session pulls', () => withJitter(config.session_pull * 1000), jobs.pullSessions);
  repeat('token pulls', () => withJitter(config.token_pull * 1000), jobs.pullTokens);
  repeat('token pushes', () => MINUTE_MS, jobs.pushTokens);
  repeat('token renewal', () => withJitter(DAY_MS), jobs.renewTokens);
  repeat(
    'old data',
    () => 10 * MINUTE_MS,
    () => forgetOld({ ...context, pause, stopped: () => stopped }),
  );
  encryptOldRows({ ...context, pause, stopped: () => stopped }).catch((error) => {
    // If the store closes at a stop, the next start encrypts the rest.
    if (!stopped) context.reportError('unencrypted data of drivers', error);
  });
  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };
}

/** Plus or minus 20 %, so that many nodes do not send requests at the same time (TRN-12). */
const withJitter = (milliseconds: number, random = Math.random) => Math.round(milliseconds * (0.8 + 0.4 * random()));
