import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { ENDED_IDS_MS } from '../../ocpp/gateway/keep.ts';
import { forgetEvents } from '../../store/sql/event.ts';
import { forgetEvidence } from '../../store/sql/evidence.ts';
import { forgetProvisionalIds } from '../../store/sql/kept-message.ts';
import { forgetExchanges, forgetSessions, MOST_AT_ONCE } from '../../store/sql/retention.ts';
import { forgetShadow } from '../../store/sql/shadow.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';

const DAY_MS = 86_400_000;

interface Forgetting extends Pick<Context, 'store' | 'clock' | 'config'> {
  /** Called between two batches, so that other work of the node can use the store. */
  pause(): Promise<void>;
  stopped(): boolean;
}

/** Deletes events, exchanges, evidence and sessions beyond their retention, in batches; ends early when `stopped` returns true (SEC-45). */
export async function forgetOld({ store, clock, config, pause, stopped }: Forgetting): Promise<void> {
  const before = (milliseconds: number): EpochMillis => epochMillis(clock.now() - milliseconds);
  const { sessions, exchanges, evidence } = config.retention;
  const batches: readonly (readonly Write[])[] = [
    [forgetEvents(before(config.event_retention * 1000), MOST_AT_ONCE)],
    [forgetExchanges(before(exchanges * DAY_MS))],
    forgetEvidence(before(evidence * DAY_MS)),
    [forgetProvisionalIds(before(ENDED_IDS_MS))],
    forgetShadow(before(evidence * DAY_MS)),
    forgetSessions(before(sessions * DAY_MS)),
  ];
  for (const batch of batches) {
    while (!stopped() && (await store.commit(batch)).some(({ changed }) => changed > 0)) await pause();
  }
}
