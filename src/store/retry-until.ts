import type { Clock } from '../domain/clock.ts';
import type { EpochMillis } from '../domain/units.ts';

/** Milliseconds between two attempts at a store that fails. */
export const RETRY_MS = 500;

/**
 * Repeats work on the store until it succeeds, or rejects with the last error when `until`, a moment of the steady clock, would pass
 * before the next attempt. The work must be idempotent, as compare-and-set statements are: an attempt may have been committed although
 * it failed. `stop` ends the wait: then it rejects with the last error at once.
 */
export async function retryUntil<T>(work: () => Promise<T>, { clock, until, stop }: { clock: Clock; until: EpochMillis; stop?: AbortSignal }): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (clock.steady() + RETRY_MS >= until || stop?.aborted) throw error;
      await pause(clock, RETRY_MS, stop);
      if (stop?.aborted) throw error;
    }
  }
}

/** Resolves after a time, or when `stop` is aborted; at once when it is already. */
export async function pause(clock: Clock, milliseconds: number, stop: AbortSignal | undefined): Promise<void> {
  if (stop?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const cancel = clock.after(milliseconds, end);
  stop?.addEventListener('abort', end);
  await promise;
  cancel();
  stop?.removeEventListener('abort', end);
}
