import { CELLS, type LimitTree, type SiteEvse } from './limit-tree.ts';

/** A consumer gets `weight` × level, at least `least` and at most `most`, in tenths of an ampere. */
export interface Consumer {
  readonly evse: SiteEvse;
  /** The number of its EVSE. */
  readonly number: number;
  readonly least: number;
  readonly most: number;
  readonly weight: number;
}

/**
 * Progressive filling: one level rises for all consumers at once. A consumer stops at its `most`, or when a limit on one of its
 * phases is reached; the others continue. The result, in tenths of an ampere, is weighted max-min fair and never exceeds a limit.
 * `left` is the remaining capacity of each cell after the `least` of all consumers.
 */
export function fillProgressively(tree: LimitTree, consumers: readonly Consumer[], left: Float64Array): Float64Array {
  const level = new RisingLevel(tree, consumers, left);
  const edges = consumers
    .flatMap((consumer, n) =>
      consumer.most > consumer.least
        ? [
            { at: consumer.least / consumer.weight, n },
            { at: consumer.most / consumer.weight, n },
          ]
        : [],
    )
    .sort((a, b) => a.at - b.at);
  for (const { at, n } of edges) {
    level.riseTo(at);
    if (level.isWaiting(n)) level.begin(n);
    else level.stop(n, at);
  }
  return level.given;
}

/** The states of a consumer. */
const WAITING = 0;
const RISING = 1;
const STOPPED = 2;

/** The rising level. The remaining capacity of a cell at level l is `rest - slope × l`. */
class RisingLevel {
  readonly given: Float64Array;
  readonly #consumers: readonly Consumer[];
  readonly #tree: LimitTree;
  readonly #state: Uint8Array;
  readonly #rest: Float64Array;
  readonly #slope: Float64Array;
  /** The consumer of each EVSE; -1: none. */
  readonly #of: Int32Array;
  /** No limit is reached below this level. Only a consumer that begins to rise lowers it. */
  #soonest = Infinity;

  constructor(tree: LimitTree, consumers: readonly Consumer[], left: Float64Array) {
    this.#tree = tree;
    this.#consumers = consumers;
    this.given = Float64Array.from(consumers, ({ least }) => least);
    this.#state = new Uint8Array(consumers.length);
    this.#rest = left.slice();
    this.#slope = new Float64Array(left.length);
    this.#of = new Int32Array(tree.evses.length).fill(-1);
    for (const [n, { number }] of consumers.entries()) this.#of[number] = n;
  }

  isWaiting = (n: number) => this.#state[n] === WAITING;

  /** Raises the level and stops each consumer that reaches a limit before it. */
  riseTo(level: number): void {
    while (this.#soonest < level) {
      const { cell, at } = this.#nextReached();
      this.#soonest = at;
      if (at >= level) return;
      const node = this.#tree.nodes[Math.floor(cell / CELLS)];
      for (let evse = node?.first ?? 0; evse < (node?.end ?? 0); evse++) {
        const n = this.#of[evse] ?? -1;
        if (this.#state[n] === RISING && this.#consumers[n]?.evse.loads.some((load) => load.cell === cell)) this.stop(n, at);
      }
      this.#slope[cell] = 0; // no consumer rises there any more; the sum may differ from 0 by a floating-point error
    }
  }

  begin(n: number): void {
    const consumer = this.#consumers[n];
    if (!consumer) return;
    this.#state[n] = RISING;
    for (const { cell, per } of consumer.evse.loads) {
      const rest = (this.#rest[cell] ?? 0) + per * consumer.least;
      const slope = (this.#slope[cell] ?? 0) + per * consumer.weight;
      this.#rest[cell] = rest;
      this.#slope[cell] = slope;
      if (rest < this.#soonest * slope) this.#soonest = rest / slope;
    }
  }

  stop(n: number, level: number): void {
    const consumer = this.#consumers[n];
    if (!consumer || this.#state[n] !== RISING) return;
    this.#state[n] = STOPPED;
    const given = Math.min(consumer.most, Math.max(consumer.least, consumer.weight * level));
    this.given[n] = given;
    for (const { cell, per } of consumer.evse.loads) {
      this.#rest[cell] = (this.#rest[cell] ?? 0) - per * given;
      this.#slope[cell] = (this.#slope[cell] ?? 0) - per * consumer.weight;
    }
  }

  #nextReached(): { cell: number; at: number } {
    let cell = 0;
    let at = Infinity;
    for (let n = 0; n < this.#slope.length; n++) {
      const slope = this.#slope[n] ?? 0;
      if (slope < NO_SLOPE) continue;
      const reached = (this.#rest[n] ?? 0) / slope;
      if (reached < at) [cell, at] = [n, reached];
    }
    return { cell, at };
  }
}

/** A slope below this value is a floating-point error: every weight is larger. */
const NO_SLOPE = 1e-6;
