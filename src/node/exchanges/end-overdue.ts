import { CLOSE_AFTER_DEADLINE_MS } from '../../delivery/deliver-result.ts';
import { overdueExchanges, type StoredExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import { endExchange } from '../core/end-exchange.ts';

/**
 * Ends exchanges that are still open after their deadline, so that every accepted request has an outcome (G-05). This happens only after
 * a failure, for example of the store, or when a slow peer has delayed other deliveries.
 */
export async function endOverdue(context: Context): Promise<void> {
  const { store, clock } = context;
  const now = clock.now();
  for (const exchange of await store.all(overdueExchanges(now))) {
    const end = endOf(exchange.state);
    if (!end || (exchange.state === 'DELIVERING' && exchange.deadline + CLOSE_AFTER_DEADLINE_MS > now)) continue;
    await endExchange(context, exchange, { from: [exchange.state], ...end });
  }
}

/** How an exchange that is still in this state must end; undefined when it needs no end. */
function endOf(state: StoredExchange['state']) {
  if (state === 'ACCEPTED' || state === 'SENDING') return { state: 'TIMED_OUT', reason: 'crash' } as const;
  if (state === 'RESULT') return { state: 'UNDELIVERED', reason: 'expired' } as const;
  return state === 'DELIVERING' ? ({ state: 'DELIVERY_UNKNOWN', reason: 'crash' } as const) : undefined;
}
