import type { Prepared } from '../prepare/prepared.ts';
import type { LinearModel } from './linear-model.ts';

/** kW: less is a rounding error of a solver. */
const NOTHING = 1e-6;
/** A slot is switched on when the relaxed plan has this part of the minimum in it. */
const HALF = 0.5;

/** How a session uses a slot: undecided, at its minimum or more, not at all, or at its minimum for a part of the slot. */
export const OPEN = 0;
export const ON = 1;
export const OFF = 2;
export const PART = 3;

/** New bounds for a solver, by number of column and row. */
export interface BoundChanges {
  columns: number[];
  lower: number[];
  upper: number[];
  rows: number[];
  rowUpper: number[];
}

/**
 * Makes a relaxed plan obey the minimum of each car: 6 A or nothing. Each round fixes every slot that has less than the minimum to on,
 * off, or a part of the slot; then the solver runs again. What is fixed always leaves a plan that can be solved, because the minima of
 * all fixed slots fit together below every limit and within the need of the session.
 */
export class Dive {
  readonly #prepared: Prepared;
  readonly #model: LinearModel;
  /** For each session the use of each slot. */
  readonly uses: readonly Uint8Array[];
  /** For each capacity the fixed load of each slot. */
  readonly #fixed: readonly Float64Array[];
  /** kWh of the fixed slots of each session. */
  readonly #energy: Float64Array;

  constructor(prepared: Prepared, model: LinearModel) {
    this.#prepared = prepared;
    this.#model = model;
    this.uses = prepared.sessions.map(() => new Uint8Array(prepared.slots.length));
    this.#fixed = prepared.capacities.map(() => new Float64Array(prepared.slots.length));
    this.#energy = new Float64Array(prepared.sessions.length);
  }

  /** Fixes the slots of a solution that have less than the minimum; undefined: there are none. `last`: switches all of them off. */
  next(values: Float64Array, last = false): BoundChanges | undefined {
    const changes: BoundChanges = { columns: [], lower: [], upper: [], rows: [], rowUpper: [] };
    for (const { session, slot, kw } of this.#below(values)) this.#fix({ session, slot, kw, last }, changes);
    return changes.columns.length === 0 ? undefined : changes;
  }

  /** The slots between nothing and the minimum, the fullest first. */
  #below(values: Float64Array): readonly { session: number; slot: number; kw: number; part: number }[] {
    const found: { session: number; slot: number; kw: number; part: number }[] = [];
    for (const [n, { min }] of this.#prepared.sessions.entries()) {
      const layout = this.#model.layout.sessions[n];
      if (min === 0 || !layout) continue;
      for (let slot = layout.first; slot < layout.end; slot++) {
        const kw = values[layout.power + slot - layout.first] ?? 0;
        if (kw > NOTHING && kw < min - NOTHING && this.uses[n]?.[slot] !== PART) found.push({ session: n, slot, kw, part: kw / min });
      }
    }
    return found.sort((a, b) => b.part - a.part || a.session - b.session || a.slot - b.slot);
  }

  #fix({ session: n, slot, kw, last }: { session: number; slot: number; kw: number; last: boolean }, changes: BoundChanges): void {
    const session = this.#prepared.sessions[n];
    const layout = this.#model.layout.sessions[n];
    if (!session || !layout) return;
    const hours = session.hours[slot] ?? 0;
    const left = session.need - (this.#energy[n] ?? 0);
    const fits = !last && !session.discharge && this.#fits(n, slot, session.min);
    const column = layout.power + slot - layout.first;
    if (fits && session.min * hours <= left + NOTHING && kw >= HALF * session.min) {
      this.#take({ n, slot, use: ON, energy: session.min * hours }, changes);
      return push(changes, column, [session.min, session.most[slot] ?? 0]);
    }
    const part = Math.min(left / hours, session.min);
    if (fits && part < session.min && kw * hours >= HALF * left && left > NOTHING) {
      this.#take({ n, slot, use: PART, energy: part * hours }, changes);
      return push(changes, column, [part, part]);
    }
    this.uses[n]?.fill(OFF, slot, slot + 1);
    push(changes, column, [0, 0]);
  }

  /** Whether one more minimum in a slot fits with all fixed ones below every limit. */
  #fits(n: number, slot: number, min: number): boolean {
    return (this.#prepared.above[n] ?? []).every(({ capacity, perKw }) => {
      const ceiling = this.#prepared.capacities[capacity]?.ceiling[slot] ?? Infinity;
      return perKw >= 0 && (this.#fixed[capacity]?.[slot] ?? 0) + perKw * min <= ceiling + NOTHING;
    });
  }

  /** Reserves the minimum of a session in a slot. For a part of a slot the row is lowered by what the mean power does not show. */
  #take({ n, slot, use, energy }: { n: number; slot: number; use: number; energy: number }, changes: BoundChanges): void {
    const session = this.#prepared.sessions[n];
    if (!session) return;
    this.uses[n]?.fill(use, slot, slot + 1);
    this.#energy[n] = (this.#energy[n] ?? 0) + energy;
    for (const { capacity, perKw } of this.#prepared.above[n] ?? []) {
      const fixed = this.#fixed[capacity];
      if (fixed) fixed[slot] = (fixed[slot] ?? 0) + perKw * session.min;
      const row = this.#model.layout.capacities[capacity]?.rows[slot] ?? -1;
      if (use !== PART || row < 0) continue;
      const hidden = perKw * (session.min - energy / (session.hours[slot] ?? 1));
      const upper = (this.#model.rowUpper[row] ?? 0) - hidden;
      this.#model.rowUpper[row] = upper;
      changes.rows.push(row);
      changes.rowUpper.push(upper);
    }
  }
}

function push(changes: BoundChanges, column: number, [lower, upper]: readonly [number, number]): void {
  changes.columns.push(column);
  changes.lower.push(lower);
  changes.upper.push(upper);
}
