import { isOpen } from '../../../domain/exchange.ts';
import type { ExchangeId } from '../../../domain/ids.ts';
import type { Seconds } from '../../../domain/units.ts';
import { exchangeById, type StoredExchange } from '../../../store/sql/exchange.ts';
import type { Context } from '../../core/context.ts';

/** Requests that wait until an exchange ends. */
interface ExchangeWaits {
  /** The exchange when it has ended, or as it stands after `wait` or at `stop`; undefined when there is none. */
  whenEnded(id: ExchangeId, wait: Seconds): Promise<StoredExchange | undefined>;
  /** Answers every request that still waits. */
  stop(): void;
}

export function createExchangeWaits({ store, clock, journal, metrics }: Pick<Context, 'store' | 'clock' | 'journal' | 'metrics'>): ExchangeWaits {
  const waiting = new Map<ExchangeId, Set<() => void>>();
  metrics.keep('requests that wait for an outcome', () => waiting.size);
  const wakeAll = (id: ExchangeId) => {
    for (const wake of waiting.get(id) ?? []) wake();
  };
  const stopListening = journal.onStep((step) => step.step === 'outcome' && wakeAll(step.exchange));

  function waitForOutcome(id: ExchangeId, wait: Seconds): { over: Promise<void>; cancel(): void } {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const others = waiting.get(id) ?? new Set();
    waiting.set(id, others.add(resolve));
    const stopTimer = clock.after(wait * 1000, resolve);
    const cancel = () => {
      stopTimer();
      others.delete(resolve);
      if (others.size === 0) waiting.delete(id);
    };
    return { over, cancel };
  }

  return {
    whenEnded: async (id, wait) => {
      // Waits before it reads: an outcome between the two is not missed.
      const { over, cancel } = waitForOutcome(id, wait);
      try {
        const now = await store.first(exchangeById(id));
        if (wait <= 0 || (now && !isOpen(now.state))) return now;
        await over;
        return await store.first(exchangeById(id));
      } finally {
        cancel();
      }
    },
    stop: () => {
      stopListening();
      for (const id of [...waiting.keys()]) wakeAll(id);
    },
  };
}
