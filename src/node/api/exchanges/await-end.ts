import { isOpen } from '../../../domain/exchange.ts';
import type { ExchangeId } from '../../../domain/ids.ts';
import type { Seconds } from '../../../domain/units.ts';
import { exchangeById, type StoredExchange } from '../../../store/sql/exchange.ts';
import type { Context } from '../../core/context.ts';

/** Waits for exchanges to end. */
export interface Endings {
  /** The exchange as it stands when it has ended, or when `patience` or the node is over. */
  of(id: ExchangeId, patience: Seconds): Promise<StoredExchange | undefined>;
  /** Nobody waits any longer. */
  stop(): void;
}

export function createEndings({ store, clock, journal }: Pick<Context, 'store' | 'clock' | 'journal'>): Endings {
  const waiting = new Map<ExchangeId, Set<() => void>>();
  const wakeAll = (id: ExchangeId) => {
    for (const wake of waiting.get(id) ?? []) wake();
  };
  const deafen = journal.onStep((step) => step.step === 'outcome' && wakeAll(step.exchange));

  function outcomeOf(id: ExchangeId, patience: Seconds): { come: Promise<void>; forget(): void } {
    const { promise: come, resolve } = Promise.withResolvers<void>();
    const others = waiting.get(id) ?? new Set();
    waiting.set(id, others.add(resolve));
    const takeBack = clock.after(patience * 1000, resolve);
    const forget = () => {
      takeBack();
      others.delete(resolve);
      if (others.size === 0) waiting.delete(id);
    };
    return { come, forget };
  }

  return {
    of: async (id, patience) => {
      const { come, forget } = outcomeOf(id, patience);
      try {
        const now = await store.first(exchangeById(id));
        if (patience <= 0 || (now && !isOpen(now.state))) return now;
        await come;
        return await store.first(exchangeById(id));
      } finally {
        forget();
      }
    },
    stop: () => {
      deafen();
      for (const id of [...waiting.keys()]) wakeAll(id);
    },
  };
}
