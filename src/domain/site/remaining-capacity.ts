import type { Capacity } from './ceiling.ts';
import { CELLS, type LimitNode, type LimitTree, type SiteEvse, WATTS_CELL } from './limit-tree.ts';

/** The remaining capacity of every cell of a tree: phases in tenths of an ampere, power in W. `subtractCurrent` changes it. */
export interface RemainingCapacity {
  /** One number for each cell of each node; negative where the capacity is exceeded. */
  readonly left: Float64Array;
}

/** Smaller differences are floating-point errors. */
const TOLERANCE = 1e-6;

/** The capacity of a tree for its EVSEs; `capacities` has one entry for each node. A building that takes more than its limit leaves 0. */
export function fullCapacity(tree: LimitTree, capacities: readonly Capacity[]): RemainingCapacity {
  const left = new Float64Array(tree.nodes.length * CELLS).fill(Infinity);
  for (const [n, { a, w, taken }] of capacities.entries()) {
    for (let phase = 0; phase < WATTS_CELL; phase++) left[n * CELLS + phase] = Math.max(0, (a - (taken?.a[phase] ?? 0)) * 10);
    left[n * CELLS + WATTS_CELL] = Math.max(0, w - (taken?.w ?? 0));
  }
  return { left };
}

/** Subtracts a current on each phase of an EVSE from all nodes above it; a negative current is added back. */
export function subtractCurrent({ left }: RemainingCapacity, { loads }: Pick<SiteEvse, 'loads'>, tenths: number): void {
  for (const { cell, per } of loads) left[cell] = (left[cell] ?? 0) - per * tenths;
}

/** The current that an EVSE can still get, in whole tenths of an ampere; negative where a node above it is exceeded. */
export function remainingFor({ left }: RemainingCapacity, { loads }: Pick<SiteEvse, 'loads'>): number {
  let tenths = Infinity;
  for (const { cell, per } of loads) tenths = Math.min(tenths, ((left[cell] ?? 0) + TOLERANCE) / per);
  return Math.floor(tenths);
}

/** The exceeded limits, as texts for the log: `grid/panel A on phase S: 3.2 A too much`. */
export function exceededLimits(tree: LimitTree, { left }: RemainingCapacity): readonly string[] {
  if (left.every((it) => it >= -TOLERANCE)) return [];
  return tree.nodes.flatMap((node, n) => Array.from({ length: CELLS }, (_, cell) => excess(node, cell, left[n * CELLS + cell] ?? 0)).filter((it) => it !== ''));
}

function excess({ path }: LimitNode, cell: number, left: number): string {
  if (left >= -TOLERANCE) return '';
  return cell === WATTS_CELL ? `${path}: ${Math.ceil(-left)} W too much` : `${path} on phase ${'RST'[cell]}: ${(-left / 10).toFixed(1)} A too much`;
}
