import type { Clock } from '../../domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';

/** Longest time that a call of the node holds back calls that pass, in ms. */
const LONGEST_HOLD = 10_000;
/** After this time without an answer, the sender of a passing call counts as having given up, in ms. */
const GIVEN_UP = 30_000;
/** Calls that are held back at most; further ones pass at once. */
const MOST_HELD = 100;
/** Passing calls whose answer is waited for at most; beyond it the oldest is forgotten. */
const MOST_IN_FLIGHT = 1_000;

/** Whether the node may send a call now. */
export interface NodeTurn {
  /** True: the node may send now, until it calls `release`. Otherwise `onFree` is called when it may try again. */
  take(onFree: () => void): boolean;
  release(): void;
}

/** The turn of a leg where nothing passes: the node may always send. */
export const alwaysFree: NodeTurn = { take: () => true, release: () => undefined };

/**
 * Who may send calls in one direction on one leg: calls that pass, and between them calls of the node, one at a time (OCPP 2.0.1 part 4
 * §4.1.1). A passing call waits for one call of the node at most. `C` is what is remembered of a passing call until its answer.
 */
export class Turn<C extends object> implements NodeTurn {
  readonly #clock: Pick<Clock, 'after' | 'steady'>;
  readonly #inFlight = new Map<string, C>();
  readonly #held: { call: C; go(): void }[] = [];
  #newestAt: EpochMillis = epochMillis(0);
  #isOurs = false;
  #isHolding = false;
  #onFree: (() => void) | undefined;
  #stopTimer: () => void = () => undefined;

  constructor(clock: Pick<Clock, 'after' | 'steady'>) {
    this.#clock = clock;
  }

  take(onFree: () => void): boolean {
    const busyFor = this.#busyFor();
    if (this.#isOurs || busyFor > 0) {
      this.#onFree = onFree;
      if (!this.#isOurs) this.#wait(busyFor, () => this.#free());
      return false;
    }
    this.#isOurs = true;
    this.#isHolding = true;
    this.#wait(LONGEST_HOLD, () => this.#letGo());
    return true;
  }

  release(): void {
    this.#isOurs = false;
    this.#letGo();
    if (this.#busyFor() === 0) this.#free();
  }

  /** Sends a passing call with this id now, or when the call of the node has ended. */
  pass(id: string, call: C, send: () => void): void {
    const go = () => {
      this.#inFlight.delete(id);
      this.#inFlight.set(id, call);
      this.#newestAt = this.#clock.steady();
      this.#forgetOldest();
      send();
    };
    if (this.#isHolding && this.#held.length < MOST_HELD) this.#held.push({ call, go });
    else go();
  }

  /** The passing call that an answer is for; undefined: nobody waits for an answer with this id, or it was answered already. */
  answered(id: string): C | undefined {
    const call = this.#inFlight.get(id);
    if (call === undefined) return undefined;
    this.#inFlight.delete(id);
    if (this.#busyFor() === 0) this.#free();
    return call;
  }

  /** Forgets all passing calls, because the leg of their sender or receiver has ended; returns those without an answer, oldest first, also those that were held back. */
  clear(): readonly C[] {
    const open = [...this.#inFlight.values(), ...this.#held.splice(0).map(({ call }) => call)];
    this.#inFlight.clear();
    this.#stopTimer();
    this.#isHolding = false;
    if (!this.#isOurs) this.#free();
    return open;
  }

  #forgetOldest(): void {
    const [oldest] = this.#inFlight.keys();
    if (oldest !== undefined && this.#inFlight.size > MOST_IN_FLIGHT) this.#inFlight.delete(oldest);
  }

  /** Milliseconds until the newest passing call counts as given up; 0 when none is in flight. */
  #busyFor(): number {
    return this.#inFlight.size === 0 ? 0 : Math.max(0, epochMillis(this.#newestAt + GIVEN_UP) - this.#clock.steady());
  }

  #wait(ms: number, then: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#clock.after(ms, then);
  }

  #letGo(): void {
    this.#stopTimer();
    this.#isHolding = false;
    for (const { go } of this.#held.splice(0)) go();
  }

  #free(): void {
    const onFree = this.#onFree;
    this.#onFree = undefined;
    onFree?.();
  }
}
