import type { Clock } from '../domain/clock.ts';
import type { EpochMillis } from '../domain/units.ts';
import type { Limits } from './limits.ts';

/** Does what a station's messages ask for, one after another and not faster than the limits allow. */
export class Inbox {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #tasks: (() => Promise<void>)[] = [];
  #tokens: number;
  #countedAt: EpochMillis;
  /** Characters that wait. */
  #size = 0;
  #isBusy = true;
  #isClosed = false;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#countedAt = clock.now();
  }

  /** Begins with the first task; before it, tasks only wait. */
  start(): void {
    this.#isBusy = false;
    void this.#work();
  }

  /** Takes in a task that holds that many characters; false when too many wait already. A task must not throw. */
  add(size: number, task: () => Promise<void>): boolean {
    const { burst, unread } = this.#limits;
    if (this.#tasks.length >= burst || (this.#size > 0 && this.#size + size > unread)) return false;
    this.#size += size;
    this.insist(() => task().finally(() => this.#release(size)));
    return true;
  }

  #release(size: number): void {
    this.#size -= size;
  }

  /** Takes in a task of our own, however many wait. */
  insist(task: () => Promise<void>): void {
    if (this.#isClosed) return;
    this.#tasks.push(task);
    void this.#work();
  }

  /** Drops what waits. */
  close(): void {
    this.#isClosed = true;
    this.#tasks.length = 0;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      await this.#pace();
      if (!this.#isClosed) await task();
    }
    this.#isBusy = false;
  }

  // A station that waits for each answer is slowed, not punished: it may have a long offline history to tell.
  async #pace(): Promise<void> {
    const { burst, messagesPerSecond } = this.#limits;
    const now = this.#clock.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#countedAt) * messagesPerSecond) / 1000) - 1;
    this.#countedAt = now;
    if (this.#tokens >= 0) return;
    await new Promise<void>((done) => this.#clock.after((-this.#tokens * 1000) / messagesPerSecond, done));
  }
}
