import { CELLS, type LimitTree, type SiteEvse } from './limit-tree.ts';

/** Somebody who gets at least `least`, at most `most`, and `weight` for each step that the level rises; currents in tenths of an ampere. */
export interface Consumer {
  readonly evse: SiteEvse;
  /** The number of its EVSE. */
  readonly number: number;
  readonly least: number;
  readonly most: number;
  readonly weight: number;
}

/**
 * Progressive filling: one level rises for all at once; whoever is full, or under a limit that is reached on one of its phases,
 * stops, and the others go on. What comes out is weighted max-min fair and never above a limit. `left` is what the cells
 * hold beside the `least` of all.
 */
export function fillProgressively(tree: LimitTree, vessels: readonly Consumer[], left: Float64Array): Float64Array {
  const level = new Rise(tree, vessels, left);
  const edges = vessels
    .flatMap((vessel, n) =>
      vessel.most > vessel.least
        ? [
            { at: vessel.least / vessel.weight, n },
            { at: vessel.most / vessel.weight, n },
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

/** Vessels that have not begun, are rising, or have stopped. */
const WAITING = 0;
const RISING = 1;
const STOPPED = 2;

/** The level as it rises. In a cell, what is left at level l is `rest - slope × l`. */
class Rise {
  readonly given: Float64Array;
  readonly #vessels: readonly Consumer[];
  readonly #tree: LimitTree;
  readonly #state: Uint8Array;
  readonly #rest: Float64Array;
  readonly #slope: Float64Array;
  /** The vessel of each EVSE; -1 for none. */
  readonly #of: Int32Array;
  /** No limit is reached below this level; only a new riser brings it down. */
  #soonest = Infinity;

  constructor(tree: LimitTree, vessels: readonly Consumer[], left: Float64Array) {
    this.#tree = tree;
    this.#vessels = vessels;
    this.given = Float64Array.from(vessels, ({ least }) => least);
    this.#state = new Uint8Array(vessels.length);
    this.#rest = left.slice();
    this.#slope = new Float64Array(left.length);
    this.#of = new Int32Array(tree.evses.length).fill(-1);
    for (const [n, { number }] of vessels.entries()) this.#of[number] = n;
  }

  isWaiting = (n: number) => this.#state[n] === WAITING;

  /** Up to a level, stopping all who meet a limit on the way. */
  riseTo(level: number): void {
    while (this.#soonest < level) {
      const { cell, at } = this.#nextReached();
      this.#soonest = at;
      if (at >= level) return;
      const node = this.#tree.nodes[Math.floor(cell / CELLS)];
      for (let evse = node?.first ?? 0; evse < (node?.end ?? 0); evse++) {
        const n = this.#of[evse] ?? -1;
        if (this.#state[n] === RISING && this.#vessels[n]?.evse.loads.some((load) => load.cell === cell)) this.stop(n, at);
      }
      this.#slope[cell] = 0; // all that rose there has stopped; sums of doubles leave a trace of it
    }
  }

  begin(n: number): void {
    const vessel = this.#vessels[n];
    if (!vessel) return;
    this.#state[n] = RISING;
    for (const { cell, per } of vessel.evse.loads) {
      const rest = (this.#rest[cell] ?? 0) + per * vessel.least;
      const slope = (this.#slope[cell] ?? 0) + per * vessel.weight;
      this.#rest[cell] = rest;
      this.#slope[cell] = slope;
      if (rest < this.#soonest * slope) this.#soonest = rest / slope;
    }
  }

  stop(n: number, level: number): void {
    const vessel = this.#vessels[n];
    if (!vessel || this.#state[n] !== RISING) return;
    this.#state[n] = STOPPED;
    const given = Math.min(vessel.most, Math.max(vessel.least, vessel.weight * level));
    this.given[n] = given;
    for (const { cell, per } of vessel.evse.loads) {
      this.#rest[cell] = (this.#rest[cell] ?? 0) - per * given;
      this.#slope[cell] = (this.#slope[cell] ?? 0) - per * vessel.weight;
    }
  }

  #nextReached(): { cell: number; at: number } {
    let cell = 0;
    let at = Infinity;
    for (let n = 0; n < this.#slope.length; n++) {
      const slope = this.#slope[n] ?? 0;
      if (slope < TRACE) continue;
      const reached = (this.#rest[n] ?? 0) / slope;
      if (reached < at) [cell, at] = [n, reached];
    }
    return { cell, at };
  }
}

/** Weights are at least this, so that what sums of doubles leave behind is told from them. */
const TRACE = 1e-6;
