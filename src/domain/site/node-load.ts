import { amperes, type EpochSeconds, watts } from '../units.ts';
import type { SiteState } from './balance.ts';
import type { PhaseLoad } from './ceiling.ts';
import { subtractCounted } from './issue-orders.ts';
import { CELLS, WATTS_CELL } from './limit-tree.ts';
import { fullCapacity } from './remaining-capacity.ts';

const ZERO = { a: amperes(0), w: watts(0) };

/** The load that counts against the limits of each node of a site, in the order of its nodes. */
export function loadPerNode({ tree, evses }: SiteState, now: EpochSeconds): readonly PhaseLoad[] {
  const remaining = fullCapacity(
    tree,
    tree.nodes.map(() => ZERO),
  );
  const { left } = subtractCounted(tree, evses, { remaining, at: now });
  const cell = (n: number, phase: number) => 0 - (left[n * CELLS + phase] ?? 0);
  return tree.nodes.map((_, n) => ({
    a: [amperes(cell(n, 0) / 10), amperes(cell(n, 1) / 10), amperes(cell(n, 2) / 10)],
    w: watts(cell(n, WATTS_CELL)),
  }));
}
