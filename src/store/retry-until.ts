import type { Clock } from '../domain/clock.ts';
import type { EpochMillis } from '../domain/units.ts';

/** How long a store that cannot be reached is left alone before it is asked again. */
export const RETRY_MS = 500;

/**
 * Does work on the store again and again until it succeeds or `until` is past; then it rejects with the last failure. The work
 * must do no harm when its first attempt took place unheard, as compare-and-set statements do not.
 */
export async function retryUntil<T>(work: () => Promise<T>, { clock, until }: { clock: Clock; until: EpochMillis }): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (clock.now() + RETRY_MS >= until) throw error;
      await new Promise<void>((then) => clock.after(RETRY_MS, then));
    }
  }
}
