import { type EpochMillis, epochMillis, type Seconds } from './units.ts';

/** A rate limit: `burst` tokens at once, then one more every `every` seconds. */
export interface Rate {
  burst: number;
  /** 0: no limit. */
  every: Seconds;
}

/**
 * The state of a token bucket: the moment at which it is full again; undefined: it is full. Each token taken moves the moment
 * later by `every`, so it is at most `burst` × `every` ahead.
 */
export type FullAt = EpochMillis | undefined;

/** The milliseconds until a token is available; 0: now. */
export const millisUntilToken = (fullAt: FullAt, { burst, every }: Rate, now: EpochMillis): number =>
  every === 0 ? 0 : Math.max(0, Math.ceil((fullAt ?? now) - now - (burst - 1) * every * 1000));

/** The bucket after one token is taken. The caller checks first that one is available. */
export const takeToken = (fullAt: FullAt, { every }: Rate, now: EpochMillis): EpochMillis => epochMillis(Math.max(fullAt ?? now, now) + every * 1000);

/** Below this number no bucket is removed. */
const FEW = 1_000;

/** Token buckets by key, at most `most`. A full bucket is removed, since it is the same as none; beyond `most` the one unused longest. */
export class TokenBuckets {
  readonly #fullAt = new Map<string, EpochMillis>();
  readonly #most: number;
  /** At this size full buckets are removed: twice the size after the last time, so that a token costs the same however many there are. */
  #sweepAt: number;

  constructor(most: number) {
    this.#most = most;
    this.#sweepAt = Math.min(FEW, most);
  }

  get size(): number {
    return this.#fullAt.size;
  }

  /** See `millisUntilToken`. */
  millisUntilToken(key: string, rate: Rate, now: EpochMillis): number {
    return millisUntilToken(this.#fullAt.get(key), rate, now);
  }

  /** Takes one token; see `takeToken`. */
  take(key: string, rate: Rate, now: EpochMillis): void {
    if (rate.every === 0) return;
    const fullAt = takeToken(this.#fullAt.get(key), rate, now);
    this.#fullAt.delete(key); // so that the newest key is the last one
    this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size > this.#sweepAt) this.#sweep(now);
  }

  /** Tokens that a bucket lacks now, rounded up. */
  taken(key: string, { every }: Rate, now: EpochMillis): number {
    return every === 0 ? 0 : Math.max(0, Math.ceil(((this.#fullAt.get(key) ?? now) - now) / (every * 1000)));
  }

  /** Puts tokens back that were taken; a bucket is never more than full. */
  giveBack(key: string, { every }: Rate, { tokens, now }: { tokens: number; now: EpochMillis }): void {
    const fullAt = (this.#fullAt.get(key) ?? 0) - tokens * every * 1000;
    if (fullAt > now) this.#fullAt.set(key, epochMillis(fullAt));
    else this.#fullAt.delete(key);
  }

  /** Makes a bucket full. */
  fill(key: string): void {
    this.#fullAt.delete(key);
  }

  #sweep(now: EpochMillis): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
    for (const key of this.#fullAt.keys()) {
      if (this.#fullAt.size <= this.#most) break;
      this.#fullAt.delete(key);
    }
    this.#sweepAt = Math.min(this.#most, Math.max(FEW, 2 * this.#fullAt.size));
  }
}
