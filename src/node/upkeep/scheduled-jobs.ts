import { pause } from '../../store/retry-until.ts';
import { coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { encryptOldRows } from './encrypt-old-rows.ts';
import { forgetOld } from './forget-old.ts';

/** The work that a node repeats. */
export interface JobWork {
  retryPushes(): Promise<void>;
  refreshActiveProfiles(): Promise<void>;
  /** Client info of hubs; sessions and locations of all peers. */
  pullSessions(): Promise<void>;
  pullTokens(): Promise<void>;
  pushTokens(): Promise<void>;
  /** Renews the credentials tokens of peers. */
  renewTokens(): Promise<void>;
  /** Sends our credentials to peers that have not got our present parties and modules. */
  tellChanges(): Promise<void>;
  /** Records the load of each EVSE. */
  sampleLoad(): Promise<void>;
  /** Adds what was measured at observed charge points to the figures of the shadow. */
  sampleShadow(): Promise<void>;
  /** Stores when charge points were heard last. */
  saveHeard(): Promise<void>;
  /** Decides which alarms there are. */
  lookAtAlarms(): Promise<void>;
  /** Ends exchanges beyond their deadline. */
  endOverdue(): Promise<void>;
  /** Withdraws what halted parties control. */
  endHalted(): Promise<void>;
  /** Withdraws what expired rights left, and pushes sessions to parties with new rights. */
  endExpiredRights(): Promise<void>;
  /** Reads again which EVSEs support charging preferences. */
  refreshCapabilities(): Promise<void>;
  /** Finds peers that a command in another process registered or unregistered. */
  findChangedPeers(): Promise<void>;
}

/** The name of a job, in the log and in the metrics. */
export type JobName =
  | 'overdue exchanges'
  | 'load'
  | 'heard charge points'
  | 'shadow'
  | 'alarms'
  | 'halted parties'
  | 'rights'
  | 'preferences of drivers'
  | 'peers'
  | 'own changes'
  | 'session pushes'
  | 'active profiles'
  | 'session pulls'
  | 'token pulls'
  | 'token pushes'
  | 'token renewal'
  | 'old data';

/** The jobs of a node. */
export interface Jobs {
  /** Begins the first period of each job, and runs at once what a start needs: pulls and pushes. */
  start(): void;
  /** Runs a job now. When it runs already, it runs once more afterwards: a run never overlaps itself. */
  trigger(name: JobName): void;
}

interface Job {
  /** Milliseconds from the end of a run to the next one. */
  period(): number;
  run(): Promise<unknown>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The pause between two batches of work that is not urgent. */
const PAUSE_MS = 20;

/** Creates the jobs of a node; they end with the node. */
export function createJobs(context: Context, jobWork: JobWork): Jobs {
  const { clock, work } = context;
  const jobs = jobsOf(context, jobWork);
  const cancels = new Map<JobName, () => void>();
  const failures = new Map<JobName, number>();

  function arm(name: JobName): void {
    const period = jobs[name].period();
    context.health.expectJob(name, period);
    cancels.set(
      name,
      clock.after(period, () => runs.wake(name)),
    );
  }

  async function runOnce(name: JobName): Promise<void> {
    cancels.get(name)?.(); // after a trigger: the period counts from the end of this run
    const began = clock.now();
    const error = await jobs[name].run().then(
      () => undefined,
      (reason) => ({ reason }),
    );
    const { jobRuns, jobDuration, jobFailedAt } = context.metrics;
    jobRuns.inc({ job: name, outcome: error ? 'failed' : 'done' });
    jobDuration.set({ job: name }, (clock.now() - began) / 1000);
    if (error) jobFailedAt.set({ job: name }, Math.floor(clock.now() / 1000));
    else context.health.jobEnded(name);
    reportChange(name, error);
    arm(name);
  }

  /** Reports the first failure of a row, and its end. */
  function reportChange(name: JobName, error: { reason: unknown } | undefined): void {
    const before = failures.get(name) ?? 0;
    failures.set(name, error ? before + 1 : 0);
    if (error && before === 0) context.reportError(name, error.reason);
    if (!error && before > 0) context.journal.note({ step: 'job-recovered', job: name, failures: before });
  }

  const runs = coalesce<JobName>(work, { name: (name) => name, task: runOnce });
  return {
    start: () => {
      for (const name of namesOf(jobs)) {
        context.metrics.jobRuns.inc({ job: name, outcome: 'failed' }, 0); // an alert does not see a series that begins at 1
        arm(name);
      }
      for (const name of ['session pulls', 'token pulls', 'token pushes'] as const) runs.wake(name);
      work.start('unencrypted data of drivers', () => encryptOldRows({ ...context, ...inBatches(context) }));
    },
    trigger: runs.wake,
  };
}

const namesOf = (jobs: Readonly<Record<JobName, Job>>) => Object.keys(jobs) as JobName[];

/** How long work that is not urgent pauses between two batches, and when it ends early. */
const inBatches = ({ clock, work }: Pick<Context, 'clock' | 'work'>) => ({
  pause: () => pause(clock, PAUSE_MS, work.stopping),
  stopped: () => work.stopping.aborted,
});

function jobsOf(context: Context, work: JobWork): Readonly<Record<JobName, Job>> {
  const { config } = context;
  const every = (milliseconds: number, run: () => Promise<unknown>): Job => ({ period: () => milliseconds, run });
  const about = (milliseconds: number, run: () => Promise<unknown>): Job => ({ period: () => withJitter(milliseconds), run });
  return {
    'overdue exchanges': every(SECOND_MS, work.endOverdue),
    load: every(10 * SECOND_MS, work.sampleLoad),
    'heard charge points': every(MINUTE_MS, work.saveHeard),
    shadow: every(MINUTE_MS, work.sampleShadow),
    alarms: every(5 * SECOND_MS, work.lookAtAlarms),
    'halted parties': every(SECOND_MS, work.endHalted),
    rights: every(5 * SECOND_MS, work.endExpiredRights),
    'preferences of drivers': every(5 * SECOND_MS, work.refreshCapabilities),
    peers: every(5 * SECOND_MS, work.findChangedPeers),
    'own changes': every(5 * SECOND_MS, work.tellChanges),
    'session pushes': every(MINUTE_MS, work.retryPushes),
    'active profiles': every(5 * MINUTE_MS, work.refreshActiveProfiles),
    'session pulls': about(config.session_pull * 1000, work.pullSessions),
    'token pulls': about(config.token_pull * 1000, work.pullTokens),
    'token pushes': every(MINUTE_MS, work.pushTokens),
    'token renewal': about(DAY_MS, work.renewTokens),
    'old data': every(10 * MINUTE_MS, () => forgetOldData(context)),
  };
}

/** Plus or minus 20 %, so that many nodes do not send requests at the same time (TRN-12). */
const withJitter = (milliseconds: number, random = Math.random) => Math.round(milliseconds * (0.8 + 0.4 * random()));

/** Old data in the store and old messages in memory. */
async function forgetOldData(context: Context): Promise<void> {
  context.stationMessages.forgetOld();
  context.peerMessages.forgetOld();
  await forgetOld({ ...context, ...inBatches(context) });
}
