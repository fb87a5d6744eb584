import type { Layout, LinearModel, SessionColumns } from './linear-model.ts';

/** Which columns and rows are basic in an optimum: 0 at the lower bound, 1 basic, 2 at the upper bound. */
export interface Basis {
  columns: Int32Array;
  rows: Int32Array;
}

const LOWER = 0;
const BASIC = 1;

/**
 * The basis of the next plan from the basis of the last one: sessions are found by their key, slots by their end, capacities by their
 * name. A new session begins undelivered, so a solver starts from a plan that is nearly right.
 */
export function mapBasis(last: { layout: Layout; basis: Basis }, model: LinearModel): Basis {
  const { layout } = model;
  const columns = new Int32Array(model.costs.length).fill(LOWER);
  const rows = new Int32Array(model.rowLower.length).fill(BASIC);
  const slotBefore = new Map(last.layout.slotEnds.map((end, n) => [end, n]));
  const slots = layout.slotEnds.map((end) => slotBefore.get(end) ?? -1);
  const before = new Map(last.layout.sessions.map((session, n) => [session.key, { session, n }]));
  for (const [n, session] of layout.sessions.entries()) {
    const known = before.get(session.key);
    if (known) mapSession({ last: last.basis, columns, rows, slots }, session, known.session);
    rows[n] = known ? (last.basis.rows[known.n] ?? LOWER) : LOWER;
    if (!known || session.shortfallEnd - session.shortfall !== known.session.shortfallEnd - known.session.shortfall) columns[session.shortfallEnd - 1] = BASIC;
  }
  const capacities = new Map(last.layout.capacities.map((it) => [it.name, it.rows]));
  for (const { name, rows: own } of layout.capacities) mapRows({ last: last.basis, rows, slots }, own, capacities.get(name));
  mapRows({ last: last.basis, rows, slots }, layout.peakRows, last.layout.peakRows);
  if (layout.peakColumn >= 0) columns[layout.peakColumn] = last.basis.columns[last.layout.peakColumn] ?? LOWER;
  return { columns, rows };
}

interface Mapping {
  last: Basis;
  rows: Int32Array;
  /** For each slot its number in the last plan; -1: it is new. */
  slots: readonly number[];
}

function mapSession({ last, columns, rows, slots }: Mapping & { columns: Int32Array }, session: SessionColumns, known: SessionColumns): void {
  for (let slot = session.first; slot < session.end; slot++) {
    const was = slots[slot] ?? -1;
    if (was < known.first || was >= known.end) continue;
    const [own, old] = [slot - session.first, was - known.first];
    columns[session.power + own] = last.columns[known.power + old] ?? LOWER;
    if (session.discharge < 0 || known.discharge < 0) continue;
    columns[session.discharge + own] = last.columns[known.discharge + old] ?? LOWER;
    const [states, statesBefore] = [session.discharge + session.end - session.first, known.discharge + known.end - known.first];
    columns[states + own] = last.columns[statesBefore + old] ?? LOWER;
    rows[session.batteryRow + own] = last.rows[known.batteryRow + old] ?? BASIC;
  }
  const tranches = session.shortfallEnd - session.shortfall;
  if (tranches !== known.shortfallEnd - known.shortfall) return;
  for (let n = 0; n < tranches; n++) columns[session.shortfall + n] = last.columns[known.shortfall + n] ?? LOWER;
}

function mapRows({ last, rows, slots }: Mapping, own: Int32Array, known: Int32Array | undefined): void {
  for (const [slot, row] of own.entries()) {
    const was = known?.[slots[slot] ?? -1] ?? -1;
    if (row >= 0 && was >= 0) rows[row] = last.rows[was] ?? BASIC;
  }
}
