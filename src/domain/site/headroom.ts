import { type EpochSeconds, type Watts, watts } from '../units.ts';
import type { SiteState } from './balance.ts';
import { subtractCounted } from './issue-orders.ts';
import { CELLS, WATTS_CELL } from './limit-tree.ts';
import { loadPerNode } from './node-load.ts';
import { fullCapacity, type RemainingCapacity } from './remaining-capacity.ts';

/** What a grid connection leaves: the limit that its EVSEs share now, what counts against it, and what is left. W over all phases; absent: nothing limits it. */
export interface Headroom {
  limit?: Watts;
  load: Watts;
  /** Negative: the limit is exceeded. */
  headroom?: Watts;
}

/** The grid voltage in V where no EVSE says another. */
const VOLTAGE = 230;

/** The headroom of a site at its grid connection. A limit in A counts on all three phases; with limits in A and W the lower counts. */
export function headroomOf(state: SiteState, now: EpochSeconds): Headroom {
  const { tree, evses, plan } = state;
  const load = loadPerNode(state, now)[0]?.w ?? watts(0);
  if (!plan) return { load };
  const voltage = tree.evses[0]?.voltage ?? VOLTAGE;
  const limit = wattsOfRoot(fullCapacity(tree, plan.capacities), voltage);
  const headroom = wattsOfRoot(subtractCounted(tree, evses, { remaining: fullCapacity(tree, plan.capacities), at: now }), voltage);
  return { load, ...(limit !== undefined && { limit }), ...(headroom !== undefined && { headroom }) };
}

function wattsOfRoot({ left }: RemainingCapacity, voltage: number): Watts | undefined {
  const phases = [...left.subarray(0, WATTS_CELL)].reduce((sum, tenths) => sum + (tenths / 10) * voltage, 0);
  const least = Math.min(phases, left.subarray(0, CELLS)[WATTS_CELL] ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(least) ? watts(Math.round(least)) : undefined;
}
