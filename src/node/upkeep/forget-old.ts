import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { forgetEvents } from '../../store/sql/event.ts';
import { forgetExchanges, forgetSessions, MOST_AT_ONCE } from '../../store/sql/retention.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';

const DAY = 86_400_000;

interface Tools extends Pick<Context, 'store' | 'clock' | 'config'> {
  /** Between two batches: others go first. */
  pause(): Promise<void>;
  stopped(): boolean;
}

/** Deletes what is older than the configuration keeps, in batches with a pause between, until nothing is; `stopped` ends it early (SEC-45). */
export async function forgetOld({ store, clock, config, pause, stopped }: Tools): Promise<void> {
  const before = (milliseconds: number): EpochMillis => epochMillis(clock.now() - milliseconds);
  const { sessions, exchanges } = config.retention;
  const batches: readonly (readonly Write[])[] = [
    [forgetEvents(before(config.event_retention * 1000), MOST_AT_ONCE)],
    [forgetExchanges(before(exchanges * DAY))],
    forgetSessions(before(sessions * DAY)),
  ];
  for (const batch of batches) {
    while (!stopped() && (await store.commit(batch)).some(({ changed }) => changed > 0)) await pause();
  }
}
