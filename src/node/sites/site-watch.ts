import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import type { Context } from '../core/context.ts';
import type { SiteBalance } from './site-balance.ts';

/** How often limits, meters and transactions are looked at, in ms. */
const LOOK_EVERY_MS = 1_000;
/** Without a look for this time the node raises an alarm and is not ready, in ms. */
const LATE_MS = 5_000;

/** What a watch looks at. */
export interface Watched {
  balances(): readonly SiteBalance[];
  /** Looks at everything that may have changed without an event; `count` is the number of the look, from 0 on. */
  look(count: number): Promise<void>;
}

/** Looks at the sites once in a second, whatever failed before, and notices when neither that nor the balance works. */
export class SiteWatch {
  readonly #context: Context;
  readonly #watched: Watched;
  #lookedAt: EpochMillis;
  #count = 0;
  #looking = false;
  /** The last look failed: the next failure is no news. */
  #failing = false;
  #alarmed = false;

  constructor(context: Context, watched: Watched) {
    this.#context = context;
    this.#watched = watched;
    this.#lookedAt = context.clock.steady();
  }

  /** Resolves after the first look; rejects when that fails. */
  async start(): Promise<void> {
    await this.#look();
    this.#schedule();
  }

  /** Seconds since the sites were looked at and balanced, when that is too long ago; else undefined. */
  lateBy(): number | undefined {
    const age = this.#age();
    return age > LATE_MS && this.#count > 0 ? Math.round(age / 1000) : undefined;
  }

  /** Milliseconds since the last look, or since the last step of the balance that is behind. */
  #age(): number {
    return this.#context.clock.steady() - Math.min(this.#lookedAt, ...this.#watched.balances().map(({ steppedAt }) => steppedAt));
  }

  #schedule(): void {
    this.#context.clock.after(LOOK_EVERY_MS, () => this.#tick());
  }

  /** Never waits for a look: one that hangs is noticed, too. */
  #tick(): void {
    this.#schedule();
    this.#checkAge();
    if (!this.#looking) this.#context.work.start('sites', () => this.#lookAgain());
  }

  /** Rejects for the first failure of a row only. */
  async #lookAgain(): Promise<void> {
    const wasFailing = this.#failing;
    this.#failing = true;
    try {
      await this.#look();
      this.#failing = false;
    } catch (error) {
      if (!wasFailing) throw error;
    }
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      await this.#watched.look(this.#count);
      this.#count += 1;
      this.#lookedAt = epochMillis(this.#context.clock.steady());
    } finally {
      this.#looking = false;
    }
  }

  #checkAge(): void {
    const { metrics, reportError } = this.#context;
    metrics.siteLookAge.set(this.#age() / 1000);
    const late = this.lateBy();
    if (late !== undefined && !this.#alarmed)
      reportError('sites', `limits and meters were last looked at ${late} s ago; the node is not ready until they are again`);
    this.#alarmed = late !== undefined;
  }
}
