import type { Clock } from '../../src/domain/clock.ts';
import { openExchanges } from '../../src/store/sql/exchange.ts';
import type { Store } from '../../src/store/store.ts';

/** Until every row of a running node has its final state, or the time is over by which it must have one. */
export async function untilAllEnded({ store, clock, nextOutcome }: { store: Store; clock: Clock; nextOutcome: () => Promise<unknown> }): Promise<void> {
  const first = await store.all(openExchanges);
  const last = Math.max(clock.now(), ...first.map((row) => row.deadline + 6_000));
  const over = new Promise<'over'>((then) => clock.after(last - clock.now(), () => then('over')));
  for (;;) {
    const next = nextOutcome();
    next.catch(() => undefined); // nobody may be left to wait for it
    if ((await store.all(openExchanges)).length === 0 || (await Promise.race([next, over])) === 'over') return;
  }
}
