import type { Span } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import { type Capacity, type Ceiling, capacityWithin, limitsWithin, lowerOf } from './ceiling.ts';
import { countedCurrent, type Delays, type EvseState, isFixed } from './evse-state.ts';
import type { LimitTree } from './limit-tree.ts';
import { type Demand, evseAt, type Rule, share } from './share.ts';
import { slotOf } from './waiting-order.ts';

/** What each EVSE is to have, and what that was worked out from. */
export interface TargetPlan {
  readonly from: Float64Array;
  readonly capacities: readonly Capacity[];
  /** On each phase, by the number of the EVSE; 0 where no car is. */
  readonly targets: readonly Amperes[];
}

/** What a plan is made of. */
export interface BalanceInputs {
  readonly tree: LimitTree;
  readonly rule: Rule;
  readonly delays: Delays;
  readonly evses: readonly EvseState[];
  /** Limits beside those of the tree, by the name of the node. */
  readonly imposed: ReadonlyMap<string, Ceiling>;
}

/** The plan for a moment; the very same as `before` when nothing that it depends on has changed. */
export function planTargets(known: BalanceInputs, now: EpochSeconds, before: TargetPlan | undefined): TargetPlan {
  const { tree, rule } = known;
  const ahead = { from: now, to: epochSeconds(now + known.delays.lead) };
  const rooms = tree.nodes.map(({ name, ceiling }) => lowerOf(capacityWithin(ceiling, ahead, tree.timeZone), known.imposed.get(name) ?? NOTHING));
  const { demands, fixed } = demandsOf(known, ahead);
  const from = numbersOf({ rooms, demands, fixed, now });
  if (before && sameNumbers(before.from, from)) return before;
  const situation = { rule, at: now, rooms, fixed: [] };
  const targets = spread(tree, demands, share(tree, demands, situation));
  if (fixed.length === 0) return { from, capacities, targets };
  const held = new Set(fixed.map(({ evse }) => evse));
  const free = demands.filter(({ evse }) => !held.has(evse));
  const others = spread(tree, free, share(tree, free, { ...situation, fixed }));
  return { from, capacities, targets: targets.map((target, n) => (held.has(n) ? target : (others[n] ?? amperes(0)))) };
}
const NOTHING: Ceiling = {};

interface Demands {
  demands: Demand[];
  fixed: { evse: number; current: Amperes }[];
}
function demandsOf({ tree, evses }: BalanceInputs, ahead: Span): Demands {
  const demand: Demands = { demands: [], fixed: [] };
  for (const [evse, it] of evses.entries()) {
    const site = evseAt(tree, evse);
    if (isFixed(it, ahead.from)) demand.fixed.push({ evse, current: countedCurrent(site, it, ahead.from) });
    if (it.pluggedAt === undefined) continue;
    const own = Math.min(site.maximum, it.usage.cap);
    const ceiling = it.profile.length === 0 ? own : Math.min(own, ...limitsWithin(it.profile, ahead));
    demand.demands.push({ evse, ceiling: amperes(ceiling), since: it.pluggedAt, weight: it.weight });
  }
  return demand;
}

/** All that a plan depends on, as one row of numbers that is quickly compared. */
function numbersOf({ rooms, demands, fixed, now }: Demands & { rooms: readonly Capacity[]; now: EpochSeconds }): Float64Array {
  const numbers = new Float64Array(1 + rooms.length * 2 + demands.length * 4 + fixed.length * 2);
  numbers[0] = slotOf(now);
  let n = 1;
  for (const { a, w } of rooms) [numbers[n++], numbers[n++]] = [a, w];
  for (const { evse, ceiling, weight, since } of demands) [numbers[n++], numbers[n++], numbers[n++], numbers[n++]] = [evse, ceiling, weight, since];
  for (const { evse, current } of fixed) [numbers[n++], numbers[n++]] = [-1 - evse, current];
  return numbers;
}

function spread(tree: LimitTree, asks: readonly Demand[], given: readonly Amperes[]): readonly Amperes[] {
  const targets = tree.evses.map(() => amperes(0));
  for (const [n, { evse }] of asks.entries()) targets[evse] = given[n] ?? amperes(0);
  return targets;
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
