import type { Clock } from '../domain/clock.ts';
import type { PeerId } from '../domain/ids.ts';
import type { EpochMillis } from '../domain/units.ts';
import { claimDelivery, endExchange, type StoredExchange } from '../store/sql/exchange.ts';
import type { Store, Write } from '../store/store.ts';
import { readExchange } from '../store/sql/exchange.ts';

/** How the one delivery of a result went; `reason` in the words of the list of outcomes (async-flow §10). */
export type Posted = { state: 'DELIVERED' } | { state: 'UNDELIVERED'; reason: string } | { state: 'DELIVERY_UNKNOWN'; reason: string };

export interface Delivery {
  store: Store;
  clock: Clock;
  /** Sends the result to the address that came with the request; `withinMs` is all the time there is. */
  post(exchange: StoredExchange, withinMs: number): Promise<Posted>;
  /** What is committed beside the end of an exchange. */
  alongside(exchange: StoredExchange, at: EpochMillis, end: Posted): Write;
  ended(exchange: StoredExchange): void;
  complain(what: string, error: unknown): void;
}

/** Results under way to one peer at a time; the others wait, so that a slow peer holds up nobody else (SEC-27). */
const PER_PEER = 50;

/** Posts each result once, before its deadline, and records how that went (CP-11, CP-16, CP-17). */
export function createDelivery(tools: Delivery): (exchange: StoredExchange) => void {
  const { store, clock } = tools;
  const queues = new Map<PeerId, { running: number; waiting: StoredExchange[] }>();

  function deliver(exchange: StoredExchange): void {
    const queue = queues.get(exchange.peer) ?? { running: 0, waiting: [] };
    queues.set(exchange.peer, queue);
    queue.waiting.push(exchange);
    next(exchange.peer);
  }

  function next(peer: PeerId): void {
    const queue = queues.get(peer);
    const exchange = queue && queue.running < PER_PEER ? queue.waiting.shift() : undefined;
    if (!queue || !exchange) return;
    queue.running += 1;
    deliverOne(exchange)
      .catch((error) => tools.complain(`delivery of ${exchange.id}`, error))
      .finally(() => {
        queue.running -= 1;
        next(peer);
      });
  }

  async function deliverOne(exchange: StoredExchange): Promise<void> {
    const [claimed] = await store.commit([claimDelivery(exchange.id, clock.now())]);
    if (claimed?.changed !== 1) return end(exchange, ['RESULT'], { state: 'UNDELIVERED', reason: 'expired' });
    // The POST starts before the deadline; its answer may come a little after it (async-flow §2).
    const left = exchange.deadline - clock.now() + 5_000;
    await end(exchange, ['DELIVERING'], await tools.post(exchange, Math.min(10_000, left)));
  }

  async function end(exchange: StoredExchange, from: readonly ('RESULT' | 'DELIVERING')[], posted: Posted): Promise<void> {
    const at = clock.now();
    const reason = 'reason' in posted ? posted.reason : undefined;
    const [ended] = await store.commit([endExchange(exchange.id, from, { state: posted.state, reason, at }), tools.alongside(exchange, at, posted)]);
    for (const row of ended?.rows ?? []) tools.ended(readExchange(row));
  }

  return deliver;
}
