import type { Prepared, PreparedSession } from '../prepare/prepared.ts';

/** A linear programme: minimise `costs` within bounds of columns and rows; the matrix by columns, as solvers take it. */
export interface LinearModel {
  costs: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  rowLower: Float64Array;
  rowUpper: Float64Array;
  starts: Int32Array;
  indices: Int32Array;
  values: Float64Array;
  /** Added to the objective. */
  offset: number;
  layout: Layout;
}

/** Where each part of a problem is in its linear model. */
export interface Layout {
  /** The end of each slot in epoch seconds: it identifies the slot in the next plan too. */
  slotEnds: readonly number[];
  sessions: readonly SessionColumns[];
  /** For each capacity: its name and its row in each slot, -1 where it cannot be exceeded. */
  capacities: readonly { name: string; rows: Int32Array }[];
  /** The row of each slot that defines the peak; empty without a demand charge. */
  peakRows: Int32Array;
  /** -1: no demand charge. */
  peakColumn: number;
}

/** The columns of one session; its row, which balances its need, has its number. */
export interface SessionColumns {
  key: string;
  /** The slots `first` to `end` (excluded) have columns. */
  first: number;
  end: number;
  /** The column of its kW in slot `first`. */
  power: number;
  /** The column of its discharging kW in slot `first`, and the row of the battery there; -1: it does not discharge. */
  discharge: number;
  batteryRow: number;
  /** Its shortfall columns. */
  shortfall: number;
  shortfallEnd: number;
}

/** Grows a linear model column by column. */
class Columns {
  readonly costs: number[] = [];
  readonly lower: number[] = [];
  readonly upper: number[] = [];
  readonly starts: number[] = [0];
  readonly indices: number[] = [];
  readonly values: number[] = [];

  get count(): number {
    return this.costs.length;
  }

  entry(row: number, value: number): void {
    if (row < 0 || value === 0) return;
    this.indices.push(row);
    this.values.push(value);
  }

  /** Ends the column that has the entries since the last call. */
  end(cost: number, [lower, upper]: readonly [number, number]): void {
    this.costs.push(cost);
    this.lower.push(lower);
    this.upper.push(upper);
    this.starts.push(this.indices.length);
  }
}

interface Rows {
  count: number;
  lower: number[];
  upper: number[];
}

/**
 * The linear programme of a problem, without the rule that a car charges at its minimum or not at all. It is never infeasible: what
 * cannot be delivered is a shortfall. `oneTranche`: a shortfall has one price, the lowest; when its optimum has no shortfall it is
 * also the optimum with all tranches.
 */
export function buildLinearModel(prepared: Prepared, { oneTranche }: { oneTranche: boolean }): LinearModel {
  const { sessions, slots, peakPrice, peakSoFar } = prepared;
  const rows: Rows = { count: sessions.length, lower: sessions.map(({ need }) => need), upper: sessions.map(({ need }) => need) };
  const capacities = prepared.capacities.map((capacity) => ({ name: capacity.name, rows: capacityRows(prepared, capacity, rows) }));
  const peakRows = Int32Array.from(peakPrice > 0 ? slots : [], () => addRow(rows, -Infinity, 0));
  const columns = new Columns();
  const layout = sessions.map((_session, n): SessionColumns => {
    const load = (slot: number, sign: number) => {
      for (const { capacity, perKw } of prepared.above[n] ?? []) columns.entry(capacities[capacity]?.rows[slot] ?? -1, sign * perKw);
      columns.entry(peakRows[slot] ?? -1, sign);
    };
    return addSession({ columns, rows, load, prepared }, n, oneTranche);
  });
  let peakColumn = -1;
  if (peakPrice > 0) {
    peakColumn = columns.count;
    for (const row of peakRows) columns.entry(row, -1);
    columns.end(peakPrice, [peakSoFar, Infinity]);
  }
  return {
    costs: Float64Array.from(columns.costs),
    lower: Float64Array.from(columns.lower),
    upper: Float64Array.from(columns.upper),
    rowLower: Float64Array.from(rows.lower),
    rowUpper: Float64Array.from(rows.upper),
    starts: Int32Array.from(columns.starts),
    indices: Int32Array.from(columns.indices),
    values: Float64Array.from(columns.values),
    offset: -peakPrice * peakSoFar,
    layout: { slotEnds: slots.map(({ to }) => to), sessions: layout, capacities, peakRows, peakColumn },
  };
}

function addRow(rows: Rows, lower: number, upper: number): number {
  rows.lower.push(lower);
  rows.upper.push(upper);
  return rows.count++;
}

/** A row for each slot in which the sessions together could exceed the ceiling; with discharging, power into the grid has the same ceiling. */
function capacityRows({ sessions, slots }: Prepared, { members, loads, ceiling }: Prepared['capacities'][number], rows: Rows): Int32Array {
  const discharges = members.some((n) => sessions[n]?.discharge);
  const used = new Float64Array(slots.length);
  for (const [k, n] of members.entries()) {
    const session = sessions[n];
    if (session)
      for (let slot = session.first; slot < session.end; slot++) used[slot] = (used[slot] ?? 0) + Math.max(0, (loads[k] ?? 0) * (session.most[slot] ?? 0));
  }
  return Int32Array.from(slots, (_, slot) => {
    const limit = ceiling[slot] ?? Infinity;
    if (!Number.isFinite(limit) || (!discharges && (used[slot] ?? 0) <= limit)) return -1;
    return addRow(rows, discharges ? -limit : -Infinity, limit);
  });
}

interface Building {
  columns: Columns;
  rows: Rows;
  load: (slot: number, sign: number) => void;
  prepared: Prepared;
}

function addSession({ columns, rows, load, prepared }: Building, n: number, oneTranche: boolean): SessionColumns {
  const session = prepared.sessions[n] as PreparedSession;
  const { first, end, most, hours, cost, discharge } = session;
  const power = columns.count;
  const batteryRow = discharge ? rows.count : -1;
  if (discharge) for (let slot = first; slot < end; slot++) addRow(rows, 0, 0);
  const battery = (slot: number) => (discharge ? batteryRow + slot - first : -1);
  for (let slot = first; slot < end; slot++) {
    const kwhPerKw = hours[slot] ?? 0;
    columns.entry(n, kwhPerKw);
    columns.entry(battery(slot), kwhPerKw);
    load(slot, 1);
    columns.end((cost[slot] ?? 0) * kwhPerKw, [0, most[slot] ?? 0]);
  }
  const dischargeColumn = discharge ? columns.count : -1;
  if (discharge) addDischarge({ columns, load, prepared, session, row: n, battery });
  const shortfall = columns.count;
  const tranches = prepared.tranches[n] ?? [];
  const cheapest = tranches.at(-1);
  const used = oneTranche && cheapest ? [{ size: session.need, price: cheapest.price }] : tranches;
  for (const { size, price } of used) {
    columns.entry(n, 1);
    columns.end(price, [0, size]);
  }
  return { key: session.problem.key, first, end, power, discharge: dischargeColumn, batteryRow, shortfall, shortfallEnd: columns.count };
}

interface DischargeBuilding extends Omit<Building, 'rows'> {
  session: PreparedSession;
  /** The row of its need. */
  row: number;
  battery: (slot: number) => number;
}

/** Columns for discharging and for the state of the battery. Where energy costs less than nothing, discharging is not offered. */
function addDischarge({ columns, load, prepared, session, row, battery }: DischargeBuilding): void {
  const { first, end, hours, most, cost, discharge } = session;
  if (!discharge) return;
  const { efficiency, max, wear, available, room } = discharge;
  for (let slot = first; slot < end; slot++) {
    const kwhPerKw = hours[slot] ?? 0;
    columns.entry(row, -kwhPerKw / efficiency);
    columns.entry(battery(slot), -kwhPerKw / efficiency);
    load(slot, -1);
    const offered = (cost[slot] ?? 0) > 0 && (most[slot] ?? 0) > 0;
    columns.end((wear / prepared.priceScale - (cost[slot] ?? 0)) * kwhPerKw, [0, offered ? max : 0]);
  }
  for (let slot = first; slot < end; slot++) {
    columns.entry(battery(slot), -1);
    if (slot + 1 < end) columns.entry(battery(slot + 1), 1);
    columns.end(0, [-available, room]);
  }
}
