import { type EpochMillis, epochMillis, type Seconds } from './units.ts';

/** How often something may happen: `burst` times at once, and then once in `every` seconds. */
export interface Rate {
  burst: number;
  /** Zero: as often as one likes. */
  every: Seconds;
}

/**
 * A token bucket as one moment: when it is full again. Absent: it is full. Whoever takes moves that moment on by `every`; it lies at
 * most a whole burst ahead.
 */
export type FullAt = EpochMillis | undefined;

/** The milliseconds to wait until there is something to take; 0: at once. */
export const millisUntilToken = (fullAt: FullAt, { burst, every }: Rate, now: EpochMillis): number =>
  every === 0 ? 0 : Math.max(0, Math.ceil((fullAt ?? now) - now - (burst - 1) * every * 1000));

/** The bucket after one was taken. */
export const takeToken = (fullAt: FullAt, { every }: Rate, now: EpochMillis): EpochMillis => epochMillis(Math.max(fullAt ?? now, now) + every * 1000);
