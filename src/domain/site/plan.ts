import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import { lower, limitsWithin, type Ceiling, roomWithin, type Room } from './ceiling.ts';
import { counted, type EvseState, isFixed, type Patience } from './evse-state.ts';
import type { LimitTree } from './limit-tree.ts';
import { type Ask, evseAt, type Rule, share } from './share.ts';
import { slotOf } from './turns.ts';

/** What each EVSE is to have, and what that was worked out from. */
export interface Plan {
  readonly from: Float64Array;
  readonly rooms: readonly Room[];
  /** On each phase, by the number of the EVSE; 0 where no car is. */
  readonly targets: readonly Amperes[];
}

/** What a plan is made of. */
export interface Known {
  readonly tree: LimitTree;
  readonly rule: Rule;
  readonly patience: Patience;
  readonly evses: readonly EvseState[];
  /** Limits beside those of the tree, by the name of the node. */
  readonly imposed: ReadonlyMap<string, Ceiling>;
}

/** The plan for a moment; the very same as `before` when nothing that it depends on has changed. */
export function planFor(known: Known, now: EpochSeconds, before: Plan | undefined): Plan {
  const { tree, rule } = known;
  const ahead = { from: now, to: epochSeconds(now + known.patience.lead) };
  const rooms = tree.nodes.map(({ name, ceiling }) => lower(roomWithin(ceiling, ahead, tree.timeZone), known.imposed.get(name) ?? {}));
  const asks = known.evses.flatMap((it, evse) => (it.pluggedAt === undefined ? [] : [askOf(known, it, { evse, ...ahead })]));
  const fixed = known.evses.flatMap((it, evse) => (isFixed(it, now) ? [{ evse, current: counted(evseAt(tree, evse), it, now) }] : []));
  const from = Float64Array.from([
    slotOf(now),
    ...rooms.flatMap(({ a, w }) => [a, w]),
    ...asks.flatMap(({ evse, ceiling, weight, since }) => [evse, ceiling, weight, since]),
    ...fixed.flatMap(({ evse, current }) => [-1 - evse, current]),
  ]);
  if (before && sameNumbers(before.from, from)) return before;
  const situation = { rule, at: now, rooms, fixed: [] };
  const targets = spread(tree, asks, share(tree, asks, situation));
  if (fixed.length === 0) return { from, rooms, targets };
  const held = new Set(fixed.map(({ evse }) => evse));
  const free = asks.filter(({ evse }) => !held.has(evse));
  const others = spread(tree, free, share(tree, free, { ...situation, fixed }));
  return { from, rooms, targets: targets.map((target, n) => (held.has(n) ? target : (others[n] ?? amperes(0)))) };
}

function askOf({ tree }: Known, { profile, spare, pluggedAt, weight }: EvseState, { evse, ...ahead }: { evse: number; from: EpochSeconds; to: EpochSeconds }): Ask {
  const ceiling = Math.min(evseAt(tree, evse).maximum, spare.cap, ...limitsWithin(profile, ahead));
  return { evse, ceiling: amperes(ceiling), since: pluggedAt ?? ahead.from, weight };
}

function spread(tree: LimitTree, asks: readonly Ask[], given: readonly Amperes[]): readonly Amperes[] {
  const targets = tree.evses.map(() => amperes(0));
  for (const [n, { evse }] of asks.entries()) targets[evse] = given[n] ?? amperes(0);
  return targets;
}

const sameNumbers = (a: Float64Array, b: Float64Array) => a.length === b.length && a.every((it, n) => it === b[n]);
