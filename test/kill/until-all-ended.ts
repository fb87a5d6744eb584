import type { Clock } from '../../src/domain/clock.ts';
import { openExchanges } from '../../src/store/sql/exchange.ts';
import type { Store } from '../../src/store/store.ts';

/** Resolves when every exchange of a running node has ended, or 6 s after the last deadline, by which all must have ended. */
export async function untilAllEnded({ store, clock, nextOutcome }: { store: Store; clock: Clock; nextOutcome: () => Promise<unknown> }): Promise<void> {
  const first = await store.all(openExchanges);
  const last = Math.max(clock.now(), ...first.map((row) => row.deadline + 6_000));
  const timeout = new Promise<'timeout'>((then) => clock.after(last - clock.now(), () => then('timeout')));
  for (;;) {
    const next = nextOutcome();
    next.catch(() => undefined); // it may reject after this function has returned
    if ((await store.all(openExchanges)).length === 0 || (await Promise.race([next, timeout])) === 'timeout') return;
  }
}
