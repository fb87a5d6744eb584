import type { Clock } from '../../domain/clock.ts';
import type { EpochMillis } from '../../domain/units.ts';

/** A reason why a node is not ready. The text is public: it names no path, address or party. */
export interface HealthProblem {
  /** The part of the node that reports it, such as `store` or `jobs`. */
  check: string;
  says: string;
}

/** Looks whether one part of a node works; returns what is wrong. It must be quick, for example read a value that the part keeps. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

/** A result is answered again for this time, so that requests cannot cause work. */
const CACHED_MS = 1_000;
/** A job is overdue after three periods and this time. */
const JOB_GRACE_MS = 30_000;

/** Whether a node is ready: every part that is registered here works, and the jobs run on time. */
export class Health {
  readonly #clock: Clock;
  readonly #checks = new Map<string, HealthCheck>();
  readonly #jobs = new Map<string, { period: number; lastEnd: EpochMillis }>();
  #known: { at: EpochMillis; problems: Promise<readonly HealthProblem[]> } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.addCheck('jobs', () => this.#overdueJobs());
  }

  /** Registers a check under a name, in place of an earlier one with this name. */
  addCheck(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** A job will run after `period` milliseconds. */
  expectJob(name: string, period: number): void {
    this.#jobs.set(name, { period, lastEnd: this.#jobs.get(name)?.lastEnd ?? this.#clock.steady() });
  }

  /** A job has ended without an error. */
  jobEnded(name: string): void {
    const job = this.#jobs.get(name);
    if (job) job.lastEnd = this.#clock.steady();
  }

  /** What is wrong; empty when the node is ready. For requests: looked at once a second at most. */
  problems(): Promise<readonly HealthProblem[]> {
    const now = this.#clock.steady();
    const age = this.#known && now - this.#known.at;
    if (this.#known && age !== undefined && age >= 0 && age < CACHED_MS) return this.#known.problems;
    const problems = this.look();
    this.#known = { at: now, problems };
    return problems;
  }

  /** Looks now what is wrong. For the node's own work: it leaves nothing behind that a request would be answered with. */
  async look(): Promise<readonly HealthProblem[]> {
    const found = await Promise.all(
      [...this.#checks].map(async ([check, look]) => {
        const says = await look();
        return says === undefined ? [] : [{ check, says }];
      }),
    );
    return found.flat();
  }

  #overdueJobs(): string | undefined {
    const now = this.#clock.steady();
    const overdue = [...this.#jobs].filter(([, { period, lastEnd }]) => now - lastEnd > 3 * period + JOB_GRACE_MS);
    if (overdue.length === 0) return undefined;
    return overdue.map(([name, { lastEnd }]) => `the job "${name}" has not succeeded for ${Math.round((now - lastEnd) / 1_000)} s`).join('; ');
  }
}
