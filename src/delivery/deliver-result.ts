import type { Clock } from '../domain/clock.ts';
import type { PeerId } from '../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../domain/units.ts';
import { retryUntil } from '../store/retry-until.ts';
import { claimDelivery, endExchange, readExchange, type StoredExchange } from '../store/sql/exchange.ts';
import type { Store, Write } from '../store/store.ts';

/** How the one delivery of a result went; `reason` in the words of the list of outcomes (how-a-request-runs §10). */
export type DeliveryEnd = { state: 'DELIVERED' } | { state: 'UNDELIVERED'; reason: string } | { state: 'DELIVERY_UNKNOWN'; reason: string };

export interface DeliveryDependencies {
  store: Store;
  clock: Clock;
  /** Sends the result to the address that came with the request; `withinMs` is all the time there is. */
  post(exchange: StoredExchange, withinMs: number): Promise<DeliveryEnd>;
  /** What is committed beside the end of an exchange. */
  writeWithEnd(exchange: StoredExchange, at: EpochMillis, end: DeliveryEnd): Write;
  onEnd(exchange: StoredExchange): void;
  reportError(what: string, error: unknown): void;
}

/** Results under way to one peer at a time; the others wait, so that a slow peer holds up nobody else (SEC-27). */
const PER_PEER = 50;
/** How long the answer to a POST may come after the deadline; the POST itself starts before it (how-a-request-runs §2). */
const ANSWER_AFTER_MS = 3_000;
/** One more second to write the end down; whatever is still under way after it is closed as unknown. */
export const CLOSE_AFTER_DEADLINE_MS = 4_000;
/** How long a node that stops waits for the results under way. */
const LAST_PATIENCE_MS = 5_000;

/** Posts each result once, before its deadline, and records how that went (CP-11, CP-16, CP-17). */
export class Deliveries {
  readonly #tools: DeliveryDependencies;
  readonly #queues = new Map<PeerId, { running: number; waiting: StoredExchange[] }>();
  readonly #running = new Set<Promise<void>>();
  #stopping = false;

  constructor(tools: DeliveryDependencies) {
    this.#tools = tools;
  }

  deliver(exchange: StoredExchange): void {
    const queue = this.#queues.get(exchange.peer) ?? { running: 0, waiting: [] };
    this.#queues.set(exchange.peer, queue);
    queue.waiting.push(exchange);
    this.#next(exchange.peer);
  }

  /** Begins no more, and resolves when what is under way has ended or has taken too long; the rest is taken up at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const tooLong = Promise.withResolvers<void>();
    const forget = this.#tools.clock.after(LAST_PATIENCE_MS, tooLong.resolve);
    await Promise.race([Promise.all(this.#running), tooLong.promise]);
    forget();
  }

  #next(peer: PeerId): void {
    const queue = this.#queues.get(peer);
    const exchange = queue && queue.running < PER_PEER && !this.#stopping ? queue.waiting.shift() : undefined;
    if (!queue || !exchange) return;
    queue.running += 1;
    const done = this.#deliverOne(exchange)
      .catch((error) => this.#tools.reportError(`delivery of ${exchange.id}`, error))
      .finally(() => {
        queue.running -= 1;
        this.#running.delete(done);
        this.#next(peer);
      });
    this.#running.add(done);
  }

  async #deliverOne(exchange: StoredExchange): Promise<void> {
    const { store, clock } = this.#tools;
    const claim = () => store.commit([claimDelivery(exchange.id, clock.now())]);
    const [claimed] = await retryUntil(claim, { clock, until: exchange.deadline });
    if (claimed?.changed !== 1) return this.#end(exchange, ['RESULT'], { state: 'UNDELIVERED', reason: 'expired' });
    const left = exchange.deadline - clock.now() + ANSWER_AFTER_MS;
    await this.#end(exchange, ['DELIVERING'], await this.#post(exchange, Math.min(10_000, left)));
  }

  async #post(exchange: StoredExchange, withinMs: number): Promise<DeliveryEnd> {
    try {
      return await this.#tools.post(exchange, withinMs);
    } catch (error) {
      // Nothing left the house: its address cannot be read, say, because the encrypting key is another.
      this.#tools.reportError(`delivery of ${exchange.id}`, error);
      return { state: 'UNDELIVERED', reason: 'refused' };
    }
  }

  async #end(exchange: StoredExchange, from: readonly ('RESULT' | 'DELIVERING')[], posted: DeliveryEnd): Promise<void> {
    const { store, clock, writeWithEnd, onEnd } = this.#tools;
    const reason = 'reason' in posted ? posted.reason : undefined;
    const record = () => {
      const at = clock.now();
      return store.commit([endExchange(exchange.id, from, { state: posted.state, reason, at }), writeWithEnd(exchange, at, posted)]);
    };
    const [recorded] = await retryUntil(record, { clock, until: epochMillis(exchange.deadline + CLOSE_AFTER_DEADLINE_MS) });
    for (const row of recorded?.rows ?? []) onEnd(readExchange(row));
  }
}
