import type { Span } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import { type Capacity, type Ceiling, capacityWithin, limitsWithin, lowerOf } from './ceiling.ts';
import { countedCurrent, type Delays, type EvseState, isFixed } from './evse-state.ts';
import type { LimitTree } from './limit-tree.ts';
import { type Demand, evseAt, type Rule, share } from './share.ts';
import { slotOf } from './waiting-order.ts';

/** The target of each EVSE and the inputs that it was computed from. */
export interface TargetPlan {
  /** All inputs as numbers: the plan is reused while they stay the same. */
  readonly from: Float64Array;
  readonly capacities: readonly Capacity[];
  /** A on each phase, by EVSE number; 0 without a car. */
  readonly targets: readonly Amperes[];
}

/** The inputs of the balance of a site. */
export interface BalanceInputs {
  readonly tree: LimitTree;
  readonly rule: Rule;
  readonly delays: Delays;
  readonly evses: readonly EvseState[];
  /** Limits in addition to those of the tree, by node name. */
  readonly imposed: ReadonlyMap<string, Ceiling>;
}

/** The plan for a moment; the same object as `before` when its inputs did not change. */
export function planTargets(inputs: BalanceInputs, now: EpochSeconds, before: TargetPlan | undefined): TargetPlan {
  const { tree, rule } = inputs;
  const ahead = { from: now, to: epochSeconds(now + inputs.delays.lead) };
  const capacities = tree.nodes.map(({ name, ceiling }) => lowerOf(capacityWithin(ceiling, ahead, tree.timeZone), inputs.imposed.get(name) ?? UNLIMITED));
  const { demands, fixed } = demandsOf(inputs, ahead);
  const from = numbersOf({ capacities, demands, fixed, now });
  if (before && sameNumbers(before.from, from)) return before;
  const shareInputs = { rule, at: now, capacities, fixed: [] };
  const targets = byEvse(tree, demands, share(tree, demands, shareInputs));
  if (fixed.length === 0) return { from, capacities, targets };
  const fixedEvses = new Set(fixed.map(({ evse }) => evse));
  const free = demands.filter(({ evse }) => !fixedEvses.has(evse));
  const others = byEvse(tree, free, share(tree, free, { ...shareInputs, fixed }));
  return { from, capacities, targets: targets.map((target, n) => (fixedEvses.has(n) ? target : (others[n] ?? amperes(0)))) };
}
const UNLIMITED: Ceiling = {};

interface Demands {
  demands: Demand[];
  fixed: { evse: number; current: Amperes }[];
}
function demandsOf({ tree, evses }: BalanceInputs, ahead: Span): Demands {
  const found: Demands = { demands: [], fixed: [] };
  for (const [evse, it] of evses.entries()) {
    const site = evseAt(tree, evse);
    if (isFixed(it, ahead.from)) found.fixed.push({ evse, current: countedCurrent(site, it, ahead.from) });
    if (it.pluggedAt === undefined) continue;
    const own = Math.min(site.maximum, it.usage.cap);
    const ceiling = it.profile.length === 0 ? own : Math.min(own, ...limitsWithin(it.profile, ahead));
    found.demands.push({ evse, ceiling: amperes(ceiling), since: it.pluggedAt, weight: it.weight });
  }
  return found;
}

/** All inputs of a plan as one array of numbers, which is fast to compare. */
function numbersOf({ capacities, demands, fixed, now }: Demands & { capacities: readonly Capacity[]; now: EpochSeconds }): Float64Array {
  const numbers = new Float64Array(1 + capacities.length * 2 + demands.length * 4 + fixed.length * 2);
  numbers[0] = slotOf(now);
  let n = 1;
  for (const { a, w } of capacities) [numbers[n++], numbers[n++]] = [a, w];
  for (const { evse, ceiling, weight, since } of demands) [numbers[n++], numbers[n++], numbers[n++], numbers[n++]] = [evse, ceiling, weight, since];
  for (const { evse, current } of fixed) [numbers[n++], numbers[n++]] = [-1 - evse, current];
  return numbers;
}

function byEvse(tree: LimitTree, demands: readonly Demand[], shares: readonly Amperes[]): readonly Amperes[] {
  const targets = tree.evses.map(() => amperes(0));
  for (const [n, { evse }] of demands.entries()) targets[evse] = shares[n] ?? amperes(0);
  return targets;
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
