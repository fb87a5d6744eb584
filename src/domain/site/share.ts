import { floorTenth } from '../profile/convert.ts';
import { type Amperes, amperes, type EpochSeconds } from '../units.ts';
import type { Capacity } from './ceiling.ts';
import type { LimitTree, SiteEvse } from './limit-tree.ts';
import { type Consumer, fillProgressively } from './progressive-filling.ts';
import { fullCapacity, type RemainingCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { waitingOrder } from './waiting-order.ts';

/**
 * How the current above the minimum is shared: `equal`: the same for each car; `proportional`: in proportion to what each can use;
 * `first-come`: all that each can use, in the order of their arrival; `by-preference`: by weights.
 */
export type Rule = 'equal' | 'proportional' | 'first-come' | 'by-preference';

/** One car that requests current. */
export interface Demand {
  /** The number of its EVSE in the tree. */
  readonly evse: number;
  /** The maximum current on each phase, the profile of the session included. */
  readonly ceiling: Amperes;
  readonly since: EpochSeconds;
  /** For `by-preference`; clamped to 0.001 to 1000. */
  readonly weight: number;
}

/** The rule, the moment and the limits of a share. */
export interface ShareInputs {
  readonly rule: Rule;
  readonly at: EpochSeconds;
  /** One entry for each node. */
  readonly capacities: readonly Capacity[];
  /** Currents of EVSEs that no order can change now; they are subtracted first. */
  readonly fixed: readonly { readonly evse: number; readonly current: Amperes }[];
}

/**
 * The current on each phase for each demand, in A and multiples of 0.1 A, in the order of `demands`: at least the minimum of the EVSE
 * or 0, at most its ceiling, in total never above a limit of a node. Without capacity for the minimum of all, some wait: under
 * `first-come` the last to arrive, under the other rules by an order that changes each quarter of an hour.
 */
export function share(tree: LimitTree, demands: readonly Demand[], inputs: ShareInputs): readonly Amperes[] {
  const remaining = fullCapacity(tree, inputs.capacities);
  for (const { evse, current } of inputs.fixed) subtractCurrent(remaining, evseAt(tree, evse), Math.ceil(tenthsOf(current)));
  const admitted = admit(
    orderOf(tree, demands, inputs).map((n) => inTenths(tree, demands, n)),
    remaining,
  );
  const given = new Int32Array(demands.length);
  for (const { demand, least } of admitted) given[demand] = least;
  const state: ShareState = { remaining, given };
  if (inputs.rule === 'first-come') for (const it of admitted) raiseOne(it, state, Infinity);
  else {
    for (const { demand, tenths } of raiseAll(tree, weigh(admitted, demands, inputs.rule), remaining)) given[demand] = tenths;
    while (admitted.filter((it) => raiseOne(it, state, 1)).length > 0); // the tenths that rounding left over
  }
  return Array.from(given, (tenths) => amperes(tenths / 10));
}

interface ShareState {
  remaining: RemainingCapacity;
  /** Tenths of an ampere, by the index of the demand. */
  given: Int32Array;
}

/** Raises one demand as far as it can use and the capacity allows, at most by `step`; false: not at all. */
function raiseOne({ demand, evse, most }: TenthsDemand, { remaining, given }: ShareState, step: number): boolean {
  const has = given[demand] ?? 0;
  const more = Math.min(most - has, step, remainingFor(remaining, evse));
  if (more <= 0) return false;
  subtractCurrent(remaining, evse, more);
  given[demand] = has + more;
  return true;
}

/** A current in A as tenths of an ampere, corrected for floating-point errors; not rounded to whole tenths. */
export const tenthsOf = (current: number): number => Math.round(current * 1e7) / 1e6;

/** The EVSE with a number; throws RangeError when the tree has none. */
export function evseAt(tree: LimitTree, number: number): SiteEvse {
  const evse = tree.evses[number];
  if (!evse) throw new RangeError(`Found EVSE number ${number}; ${tree.name} has ${tree.evses.length}.`);
  return evse;
}

/** A demand in tenths of an ampere, with the index of the demand. */
interface TenthsDemand {
  readonly demand: number;
  readonly evse: SiteEvse;
  readonly least: number;
  readonly most: number;
}

function orderOf(tree: LimitTree, demands: readonly Demand[], { rule, at }: ShareInputs): readonly number[] {
  if (rule !== 'first-come')
    return waitingOrder(
      demands.map(({ evse }) => evseAt(tree, evse).node),
      at,
    );
  return demands.map((_, n) => n).sort((a, b) => (demands[a]?.since ?? 0) - (demands[b]?.since ?? 0) || (demands[a]?.evse ?? 0) - (demands[b]?.evse ?? 0));
}

function inTenths(tree: LimitTree, demands: readonly Demand[], n: number): TenthsDemand {
  const { evse: number = 0, ceiling = amperes(0) } = demands[n] ?? {};
  const evse = evseAt(tree, number);
  return { demand: n, evse, least: Math.ceil(tenthsOf(evse.minimum)), most: Math.floor(tenthsOf(Math.min(floorTenth(ceiling), evse.maximum))) };
}

/** Gives each its minimum while the capacity lasts; the others wait. */
function admit(demands: readonly TenthsDemand[], remaining: RemainingCapacity): readonly TenthsDemand[] {
  return demands.filter(({ evse, least, most }) => {
    const fits = most >= least && remainingFor(remaining, evse) >= least;
    if (fits) subtractCurrent(remaining, evse, least);
    return fits;
  });
}

interface WeighedDemand extends TenthsDemand {
  readonly number: number;
  readonly weight: number;
}

function weigh(admitted: readonly TenthsDemand[], demands: readonly Demand[], rule: Exclude<Rule, 'first-come'>): readonly WeighedDemand[] {
  return admitted.map((it) => ({ ...it, number: demands[it.demand]?.evse ?? 0, weight: weightOf(it, demands[it.demand]?.weight ?? 1, rule) }));
}
function weightOf({ most }: TenthsDemand, preference: number, rule: Exclude<Rule, 'first-come'>): number {
  switch (rule) {
    case 'equal':
      return 1;
    case 'proportional':
      return most;
    case 'by-preference':
      return Math.min(Math.max(preference, LEAST_WEIGHT), MOST_WEIGHT);
  }
  return rule satisfies never;
}
const LEAST_WEIGHT = 0.001;
const MOST_WEIGHT = 1000;

/** Fills progressively and rounds down to whole tenths; one tenth less where the sum would exceed the capacity. */
function raiseAll(tree: LimitTree, demands: readonly WeighedDemand[], remaining: RemainingCapacity): readonly { demand: number; tenths: number }[] {
  const consumers: readonly Consumer[] = demands;
  const levels = fillProgressively(tree, consumers, remaining.left);
  return demands.map(({ demand, evse, least }, n) => {
    const more = Math.min(Math.floor((levels[n] ?? least) + ROUNDING) - least, remainingFor(remaining, evse));
    if (more <= 0) return { demand, tenths: least };
    subtractCurrent(remaining, evse, more);
    return { demand, tenths: least + more };
  });
}
const ROUNDING = 1e-6;
