import { type Clock, steadyDeadline } from '../domain/clock.ts';
import type { PeerId } from '../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../domain/units.ts';
import { retryUntil } from '../store/retry-until.ts';
import { claimDelivery, endExchange, type StoredExchange } from '../store/sql/exchange.ts';
import type { Store, Write } from '../store/store.ts';

/**
 * How the delivery of a result ended; `reason` is one of the reasons of outcomes (how-a-request-runs §10), `httpStatus` the status of the
 * peer's answer, if there was one.
 */
export type DeliveryEnd = { state: 'DELIVERED' } | { state: 'UNDELIVERED' | 'DELIVERY_UNKNOWN'; reason: string; httpStatus?: number };

/** The fields of an exchange that its delivery needs. `responseUrl` is known until the node that accepted the request stops; then it is decrypted. */
export type DeliverableExchange = Pick<
  StoredExchange,
  'id' | 'side' | 'peer' | 'party' | 'session' | 'ask' | 'correlationId' | 'encryptedUrl' | 'deadline' | 'reason' | 'result' | 'outcome' | 'relayedOutcome'
> & { responseUrl?: string | undefined };

/** What the deliveries use. */
export interface DeliveryDependencies {
  store: Store;
  clock: Clock;
  /** Posts the result to the exchange's response_url; it must settle within `withinMs` milliseconds. */
  post(exchange: DeliverableExchange, withinMs: number): Promise<DeliveryEnd>;
  /** A write that is committed together with the end of the exchange. */
  writeWithEnd(exchange: DeliverableExchange, at: EpochMillis, end: DeliveryEnd): Write;
  /** Called after the end of the exchange is committed. */
  onEnd(exchange: DeliverableExchange & Pick<StoredExchange, 'state'> & { httpStatus?: number }): void;
  reportError(what: string, error: unknown): void;
  /** Starts a delivery, unless the node stops. `stopping` ends the wait for a store that fails. */
  work: { readonly stopping: AbortSignal; start(name: string, deliver: () => Promise<void>): void };
}

/** Concurrent deliveries to one peer; further results wait, so that a slow peer does not delay other peers (SEC-27). */
const PER_PEER = 50;
/** The POST starts before the deadline; its answer may come until 3 s after it (how-a-request-runs §2). */
const ANSWER_AFTER_MS = 3_000;
/** A delivery that is still running this long after its deadline is closed as unknown: one second more than its answer may take. */
export const CLOSE_AFTER_DEADLINE_MS = 4_000;

/** A result to deliver, with its deadline by the steady clock. */
interface Due {
  exchange: DeliverableExchange;
  endsAt: EpochMillis;
}

/** Posts each result once, before its deadline, and records the end of the exchange (CP-11, CP-16, CP-17). What does not start because the node stops is delivered after its next start. */
export class Deliveries {
  readonly #dependencies: DeliveryDependencies;
  readonly #queues = new Map<PeerId, { running: number; waiting: Due[] }>();

  constructor(dependencies: DeliveryDependencies) {
    this.#dependencies = dependencies;
  }

  /** Queues the result of an exchange for delivery. */
  deliver(exchange: DeliverableExchange): void {
    const queue = this.#queues.get(exchange.peer) ?? { running: 0, waiting: [] };
    this.#queues.set(exchange.peer, queue);
    queue.waiting.push({ exchange, endsAt: steadyDeadline(this.#dependencies.clock, exchange.deadline) });
    this.#next(exchange.peer);
  }

  #next(peer: PeerId): void {
    const queue = this.#queues.get(peer);
    const due = queue && queue.running < PER_PEER ? queue.waiting.shift() : undefined;
    if (!queue || !due) return;
    queue.running += 1;
    this.#dependencies.work.start(`delivery of ${due.exchange.id}`, async () => {
      try {
        await this.#deliverOne(due);
      } finally {
        queue.running -= 1;
        if (queue.running === 0 && queue.waiting.length === 0) this.#queues.delete(peer);
        else this.#next(peer);
      }
    });
  }

  /** Results that are being delivered or wait. */
  size(): number {
    return [...this.#queues.values()].reduce((sum, { running, waiting }) => sum + running + waiting.length, 0);
  }

  async #deliverOne(due: Due): Promise<void> {
    const { store, clock, work } = this.#dependencies;
    const { exchange, endsAt } = due;
    const claim = () => store.commit([claimDelivery(exchange.id, clock.now())]);
    const [claimed] = await retryUntil(claim, { clock, until: endsAt, stop: work.stopping });
    if (claimed?.changed !== 1) return this.#end(due, ['RESULT'], { state: 'UNDELIVERED', reason: 'expired' });
    const left = endsAt - clock.steady() + ANSWER_AFTER_MS;
    await this.#end(due, ['DELIVERING'], await this.#post(exchange, Math.min(10_000, left)));
  }

  async #post(exchange: DeliverableExchange, withinMs: number): Promise<DeliveryEnd> {
    try {
      return await this.#dependencies.post(exchange, withinMs);
    } catch (error) {
      // Nothing was sent, for example because the response_url was encrypted with another key.
      this.#dependencies.reportError(`delivery of ${exchange.id}`, error);
      return { state: 'UNDELIVERED', reason: 'refused' };
    }
  }

  async #end({ exchange, endsAt }: Due, from: readonly ('RESULT' | 'DELIVERING')[], end: DeliveryEnd): Promise<void> {
    const { store, clock, writeWithEnd, onEnd, work } = this.#dependencies;
    const reason = 'reason' in end ? end.reason : undefined;
    const record = () => {
      const at = clock.now();
      return store.commit([endExchange(exchange.id, from, { state: end.state, reason, at }), writeWithEnd(exchange, at, end)]);
    };
    const [recorded] = await retryUntil(record, { clock, until: epochMillis(endsAt + CLOSE_AFTER_DEADLINE_MS), stop: work.stopping });
    if (recorded?.changed !== 1) return;
    const status = 'httpStatus' in end && end.httpStatus !== undefined ? { httpStatus: end.httpStatus } : {};
    onEnd({ ...exchange, state: end.state, reason: reason ?? exchange.reason, ...status });
  }
}
