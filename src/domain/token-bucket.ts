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
