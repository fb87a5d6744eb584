import type { Clock } from '../domain/clock.ts';
import type { EpochMillis } from '../domain/units.ts';

/** Milliseconds between two attempts at a store that fails. */
export const RETRY_MS = 500;

/**
 * Repeats work on the store until it succeeds, or rejects with the last error when `until`, a moment of the steady clock, would
 * pass before the next attempt.
 * The work must be idempotent, as compare-and-set statements are: an attempt may have been committed although it failed.
 */
export async function retryUntil<T>(work: () => Promise<T>, { clock, until }: { clock: Clock; until: EpochMillis }): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (clock.steady() + RETRY_MS >= until) throw error;
      await new Promise<void>((then) => clock.after(RETRY_MS, then));
    }
  }
}
