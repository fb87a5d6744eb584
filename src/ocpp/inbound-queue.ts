import type { Clock } from '../domain/clock.ts';
import type { EpochMillis } from '../domain/units.ts';
import type { Limits } from './limits.ts';

/** Runs the tasks for a station's messages one after another, at most as fast as the limits allow. */
export class InboundQueue {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #tasks: (() => Promise<void>)[] = [];
  /** Token bucket: each task takes one token. */
  #tokens: number;
  #refilledAt: EpochMillis;
  /** Characters in the waiting messages and in the one being handled. */
  #size = 0;
  #isBusy = true;
  #isClosed = false;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#refilledAt = clock.now();
  }

  /** Starts running; tasks added earlier have waited until now. */
  start(): void {
    this.#isBusy = false;
    void this.#run();
  }

  /** Queues the task for a message of `size` characters; false when too many messages or characters wait already. A task must not reject. */
  add(size: number, task: () => Promise<void>): boolean {
    const { burst, queuedCharacters } = this.#limits;
    if (this.#tasks.length >= burst || (this.#size > 0 && this.#size + size > queuedCharacters)) return false;
    this.#size += size;
    this.addOwn(() => task().finally(() => this.#release(size)));
    return true;
  }

  #release(size: number): void {
    this.#size -= size;
  }

  /** Queues a task of the node itself, without a limit. */
  addOwn(task: () => Promise<void>): void {
    if (this.#isClosed) return;
    this.#tasks.push(task);
    void this.#run();
  }

  /** Discards the waiting tasks. */
  close(): void {
    this.#isClosed = true;
    this.#tasks.length = 0;
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      await this.#pace();
      if (!this.#isClosed) await task();
    }
    this.#isBusy = false;
  }

  // A station that waits for each answer is slowed down, never closed: after an outage it may have many messages to deliver.
  async #pace(): Promise<void> {
    const { burst, messagesPerSecond } = this.#limits;
    const now = this.#clock.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilledAt) * messagesPerSecond) / 1000) - 1;
    this.#refilledAt = now;
    if (this.#tokens >= 0) return;
    await new Promise<void>((done) => this.#clock.after((-this.#tokens * 1000) / messagesPerSecond, done));
  }
}
