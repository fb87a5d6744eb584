import { CLOSE_AFTER_DEADLINE_MS } from '../../delivery/deliver-result.ts';
import { overdueExchanges, type StoredExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import { endExchange } from '../core/end-exchange.ts';

/**
 * Gives what is open beyond its time its last word (G-05: nothing accepted is ever silent). There is such a thing only when
 * something of ours failed on the way: the store was out of reach, say, or a peer took so long that others waited behind it.
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

function endOf(state: StoredExchange['state']) {
  if (state === 'ACCEPTED' || state === 'SENDING') return { state: 'TIMED_OUT', reason: 'crash' } as const;
  if (state === 'RESULT') return { state: 'UNDELIVERED', reason: 'expired' } as const;
  return state === 'DELIVERING' ? ({ state: 'DELIVERY_UNKNOWN', reason: 'crash' } as const) : undefined;
}
