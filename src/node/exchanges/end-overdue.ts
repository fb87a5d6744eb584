import { CLOSE_AFTER_DEADLINE_MS } from '../../delivery/deliver-result.ts';
import { moveDeadlines, overdueExchanges, type StoredExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import { endExchange } from '../core/end-exchange.ts';

/**
 * Ends exchanges that are still open after their deadline, so that every accepted request has an outcome (G-05). This happens only after
 * a failure, for example of the store, or when a slow peer has delayed other deliveries.
 */
export async function endOverdue(context: Context): Promise<void> {
  const { store, clock } = context;
  await followJump(context);
  const now = clock.now();
  for (const exchange of await store.all(overdueExchanges(now))) {
    const end = endOf(exchange.state);
    if (!end || (exchange.state === 'DELIVERING' && exchange.deadline + CLOSE_AFTER_DEADLINE_MS > now)) continue;
    await endExchange(context, exchange, { from: [exchange.state], ...end });
  }
}

/**
 * After somebody has set the machine's clock: gives requests under way the time that they had, and lets the clock of the node follow.
 * At each moment the deadlines in the store are too late rather than too early: forward they move before the clock, back after it.
 */
async function followJump({ store, jumps, metrics, reportError }: Context): Promise<void> {
  const jump = jumps.jump();
  if (jump === 0) return;
  const back = jump < 0;
  if (back) jumps.follow(jump);
  try {
    await store.commit([moveDeadlines(jump)]);
  } catch (error) {
    if (back) jumps.follow(-jump);
    throw error;
  }
  if (!back) jumps.follow(jump);
  metrics.clockJumps.inc();
  reportError('the clock of this machine', `it jumped by ${Math.round(jump / 1000)} s; deadlines of requests under way were moved by the same time`);
}

/** How an exchange that is still in this state must end; undefined when it needs no end. */
function endOf(state: StoredExchange['state']) {
  if (state === 'ACCEPTED' || state === 'SENDING') return { state: 'TIMED_OUT', reason: 'crash' } as const;
  if (state === 'RESULT') return { state: 'UNDELIVERED', reason: 'expired' } as const;
  return state === 'DELIVERING' ? ({ state: 'DELIVERY_UNKNOWN', reason: 'crash' } as const) : undefined;
}
