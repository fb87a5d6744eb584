import type { Prepared } from '../prepare/prepared.ts';
import type { LinearModel } from './linear-model.ts';

/** kW: less is a rounding error of a solver. */
const NOTHING = 1e-6;
/** Of the sessions below their minimum in one slot, as many are switched on as their parts of the minimum make up, rounded. */
const HALF = 0.5;
/** kWh: less of a shortfall is left to the rounding. */
const SMALL = 0.05;

/** How a session uses a slot: undecided, at its minimum or more, not at all, or at its minimum for a part of the slot. */
const OPEN = 0;
const ON = 1;
const OFF = 2;
export const PART = 3;

/** New bounds for a solver, by number of column and row. */
export interface BoundChanges {
  columns: number[];
  lower: number[];
  upper: number[];
  rows: number[];
  rowLower: number[];
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

  /**
   * Fixes the slots of a solution that have less than the minimum, and reopens slots for sessions that miss energy which the relaxed
   * plan has (kWh). Undefined: there is nothing to do. `last`: only switches slots off.
   */
  next(values: Float64Array, missing: Float64Array, last = false): BoundChanges | undefined {
    const changes: BoundChanges = { columns: [], lower: [], upper: [], rows: [], rowLower: [], rowUpper: [] };
    const parts = new Float64Array(this.#prepared.slots.length);
    if (!last) this.#reopen(missing, changes);
    for (const { session, slot, kw, part } of this.#below(values)) {
      if (this.uses[session]?.[slot] !== OPEN && !last) continue;
      parts[slot] = (parts[slot] ?? 0) + part;
      const use = this.#fix({ session, slot, kw, wanted: !last && (parts[slot] ?? 0) >= HALF }, changes);
      if (use !== OFF) parts[slot] = (parts[slot] ?? 0) - 1;
    }
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

  /** Fixes one slot, and says how. */
  #fix({ session: n, slot, kw, wanted }: { session: number; slot: number; kw: number; wanted: boolean }, changes: BoundChanges): number {
    const session = this.#prepared.sessions[n];
    if (!session) return OFF;
    const hours = session.hours[slot] ?? 0;
    const left = session.need - (this.#energy[n] ?? 0);
    const fits = wanted && this.#fits(n, slot, session.min);
    if (fits && session.min * hours <= left + NOTHING) return this.#set({ n, slot, use: ON, kw: session.min }, changes);
    const isMost = kw * hours >= HALF * left;
    if (fits && isMost && left > NOTHING) return this.#set({ n, slot, use: PART, kw: Math.min(left / hours, session.min) }, changes);
    return this.#set({ n, slot, use: OFF, kw: 0 }, changes);
  }

  /** Switches on slots that were switched off, the cheapest first, where the fixed minima leave room. */
  #reopen(missing: Float64Array, changes: BoundChanges): void {
    for (const [n, session] of this.#prepared.sessions.entries()) {
      let left = missing[n] ?? 0;
      if (left <= SMALL || session.min === 0) continue;
      const free = session.need - (this.#energy[n] ?? 0);
      const off = [...session.most.keys()].filter((slot) => this.uses[n]?.[slot] === OFF && this.#fits(n, slot, session.min));
      off.sort((a, b) => (session.cost[a] ?? 0) - (session.cost[b] ?? 0) || a - b);
      for (const slot of off) {
        const hours = session.hours[slot] ?? 0;
        const energy = Math.min(session.min * hours, left, free - (missing[n] ?? 0) + left);
        if (left <= SMALL || energy <= SMALL) break;
        this.#set({ n, slot, use: energy < session.min * hours - NOTHING ? PART : ON, kw: energy / hours }, changes);
        left -= energy;
      }
    }
  }

  /** Whether one more minimum in a slot fits with all fixed ones below every limit. */
  #fits(n: number, slot: number, min: number): boolean {
    return (this.#prepared.above[n] ?? []).every(({ capacity, perKw }) => {
      const ceiling = this.#prepared.capacities[capacity]?.ceiling[slot] ?? Infinity;
      return perKw >= 0 && (this.#fixed[capacity]?.[slot] ?? 0) + perKw * min <= ceiling + NOTHING;
    });
  }

  /** Sets how a session uses a slot. `kw`: its mean power, which is fixed for a part of a slot. */
  #set({ n, slot, use, kw }: { n: number; slot: number; use: number; kw: number }, changes: BoundChanges): number {
    const [session, layout] = [this.#prepared.sessions[n], this.#model.layout.sessions[n]];
    if (!session || !layout) return OFF;
    this.uses[n]?.fill(use, slot, slot + 1);
    changes.columns.push(layout.power + slot - layout.first);
    changes.lower.push(kw);
    changes.upper.push(use === ON ? (session.most[slot] ?? 0) : kw);
    if (use !== OFF) this.#reserve({ n, slot, hidden: session.min - kw }, changes);
    this.#energy[n] = (this.#energy[n] ?? 0) + kw * (session.hours[slot] ?? 0);
    return use;
  }

  /** Reserves the minimum of a session in a slot. For a part of a slot its rows are lowered by what the mean power hides. */
  #reserve({ n, slot, hidden }: { n: number; slot: number; hidden: number }, changes: BoundChanges): void {
    for (const { capacity, perKw } of this.#prepared.above[n] ?? []) {
      const fixed = this.#fixed[capacity];
      if (fixed) fixed[slot] = (fixed[slot] ?? 0) + perKw * (this.#prepared.sessions[n]?.min ?? 0);
      this.#lower(this.#model.layout.capacities[capacity]?.rows[slot], perKw * hidden, changes);
    }
    this.#lower(this.#model.layout.peakRows[slot], hidden, changes);
  }

  #lower(row: number | undefined, by: number, changes: BoundChanges): void {
    if (row === undefined || row < 0 || by <= NOTHING) return;
    const upper = (this.#model.rowUpper[row] ?? 0) - by;
    this.#model.rowUpper[row] = upper;
    changes.rows.push(row);
    changes.rowLower.push(this.#model.rowLower[row] ?? -Infinity);
    changes.rowUpper.push(upper);
  }
}
