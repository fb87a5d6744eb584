import type { Capacity } from './ceiling.ts';
import { CELLS, type LimitNode, type LimitTree, type SiteEvse, WATTS_CELL } from './limit-tree.ts';

/** What is left on every phase and in watts at every node of a tree, as current is taken from it; currents in tenths of an ampere. */
export interface RemainingCapacity {
  /** One number for each cell of each node; negative where more is taken than there is. */
  readonly left: Float64Array;
}

/** Watts are sums of products: less than this is no difference. */
const HAIR = 1e-6;

/** A ledger from which nothing is taken yet; `rooms` has one entry for each node. */
export function fullCapacity(tree: LimitTree, rooms: readonly Capacity[]): RemainingCapacity {
  const left = new Float64Array(tree.nodes.length * CELLS).fill(Infinity);
  for (const [n, { a, w }] of rooms.entries()) {
    left.fill(a * 10, n * CELLS, n * CELLS + WATTS_CELL);
    left[n * CELLS + WATTS_CELL] = w;
  }
  return { left };
}

/** Takes a current on each phase of an EVSE from all nodes above it; a negative one gives back. */
export function subtractCurrent({ left }: RemainingCapacity, { loads }: Pick<SiteEvse, 'loads'>, tenths: number): void {
  for (const { cell, per } of loads) left[cell] = (left[cell] ?? 0) - per * tenths;
}

/** The whole tenths of an ampere that an EVSE can still take; negative where something above it is exceeded. */
export function remainingFor({ left }: RemainingCapacity, { loads }: Pick<SiteEvse, 'loads'>): number {
  let room = Infinity;
  for (const { cell, per } of loads) room = Math.min(room, ((left[cell] ?? 0) + HAIR) / per);
  return Math.floor(room);
}

/** Nodes and phases where more is taken than there is, in words for a log: `grid/panel A on phase S: 3.2 A too much`. */
export function exceededLimits(tree: LimitTree, { left }: RemainingCapacity): readonly string[] {
  if (left.every((it) => it >= -HAIR)) return [];
  return tree.nodes.flatMap((node, n) => Array.from({ length: CELLS }, (_, cell) => excess(node, cell, left[n * CELLS + cell] ?? 0)).filter((it) => it !== ''));
}

function excess({ path }: LimitNode, cell: number, left: number): string {
  if (left >= -HAIR) return '';
  return cell === WATTS_CELL ? `${path}: ${Math.ceil(-left)} W too much` : `${path} on phase ${'RST'[cell]}: ${(-left / 10).toFixed(1)} A too much`;
}
