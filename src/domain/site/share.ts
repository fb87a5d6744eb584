import { floorTenth } from '../profile/convert.ts';
import { type Amperes, amperes, type EpochSeconds } from '../units.ts';
import type { Capacity } from './ceiling.ts';
import type { LimitTree, SiteEvse } from './limit-tree.ts';
import { type Consumer, fillProgressively } from './progressive-filling.ts';
import { fullCapacity, type RemainingCapacity, remainingFor, subtractCurrent } from './remaining-capacity.ts';
import { waitingOrder } from './waiting-order.ts';

/**
 * Who gets what above the least current: `equal` the same for each; `proportional` to what each could use; `first-come` each all
 * it can use, in the order of their starts; `by-preference` by weights.
 */
export type Rule = 'equal' | 'proportional' | 'first-come' | 'by-preference';

/** One car that wants current. */
export interface Demand {
  /** The number of its EVSE in the tree. */
  readonly evse: number;
  /** The most it may have on each phase, its own profile counted. */
  readonly ceiling: Amperes;
  readonly since: EpochSeconds;
  /** For `by-preference`; above 0. */
  readonly weight: number;
}

/** What a share is made of. */
export interface ShareInputs {
  readonly rule: Rule;
  readonly at: EpochSeconds;
  /** What each node lets through. */
  readonly capacities: readonly Capacity[];
  /** What EVSEs draw that nobody can change now: taken off before anybody gets a share. */
  readonly fixed: readonly { readonly evse: number; readonly current: Amperes }[];
}

/**
 * The current on each phase that each of `asks` gets, in tenths of an ampere, in their order: its minimum at least or 0, never
 * above its ceiling, all together never above a limit on any phase of any node. When there is not room for the minimum of all,
 * turns of a quarter of an hour say who waits; under `first-come`, who came last.
 */
export function share(tree: LimitTree, asks: readonly Demand[], situation: ShareInputs): readonly Amperes[] {
  const ledger = fullCapacity(tree, situation.capacities);
  for (const { evse, current } of situation.fixed) subtractCurrent(ledger, evseAt(tree, evse), Math.ceil(tenthsOf(current)));
  const admitted = admit(
    orderOf(tree, asks, situation).map((n) => wish(tree, asks, n)),
    ledger,
  );
  const given = new Int32Array(asks.length);
  for (const { ask, least } of admitted) given[ask] = least;
  const pouring: Pouring = { ledger, given };
  if (situation.rule === 'first-come') for (const it of admitted) pour(it, pouring, Infinity);
  else {
    for (const { ask, tenths } of raise(tree, weigh(admitted, asks, situation.rule), ledger)) given[ask] = tenths;
    while (admitted.filter((it) => pour(it, pouring, 1)).length > 0); // what rounding left over
  }
  return Array.from(given, (tenths) => amperes(tenths / 10));
}

interface Pouring {
  ledger: RemainingCapacity;
  /** Tenths of an ampere by the position of the ask. */
  given: Int32Array;
}

/** Gives one as much more as it can use and there is room for, up to a step; says whether it got anything. */
function pour({ ask, evse, most }: Wish, { ledger, given }: Pouring, step: number): boolean {
  const has = given[ask] ?? 0;
  const more = Math.min(most - has, step, remainingFor(ledger, evse));
  if (more <= 0) return false;
  subtractCurrent(ledger, evse, more);
  given[ask] = has + more;
  return true;
}

/** Whole tenths where it is one, whatever doubles made of it. */
export const tenthsOf = (current: number): number => Math.round(current * 1e7) / 1e6;

export function evseAt(tree: LimitTree, number: number): SiteEvse {
  const evse = tree.evses[number];
  if (!evse) throw new RangeError(`Found EVSE number ${number}; ${tree.name} has ${tree.evses.length}.`);
  return evse;
}

/** An ask in tenths of an ampere, by its position. */
interface Wish {
  readonly ask: number;
  readonly evse: SiteEvse;
  readonly least: number;
  readonly most: number;
}

function orderOf(tree: LimitTree, asks: readonly Demand[], { rule, at }: ShareInputs): readonly number[] {
  if (rule !== 'first-come')
    return waitingOrder(
      asks.map(({ evse }) => evseAt(tree, evse).node),
      at,
    );
  return asks.map((_, n) => n).sort((a, b) => (asks[a]?.since ?? 0) - (asks[b]?.since ?? 0) || (asks[a]?.evse ?? 0) - (asks[b]?.evse ?? 0));
}

function wish(tree: LimitTree, asks: readonly Demand[], n: number): Wish {
  const { evse: number = 0, ceiling = amperes(0) } = asks[n] ?? {};
  const evse = evseAt(tree, number);
  return { ask: n, evse, least: Math.ceil(tenthsOf(evse.minimum)), most: Math.floor(tenthsOf(Math.min(floorTenth(ceiling), evse.maximum))) };
}

/** Gives each the least that it can charge with, as long as there is room; the others wait. */
function admit(wishes: readonly Wish[], ledger: RemainingCapacity): readonly Wish[] {
  return wishes.filter(({ evse, least, most }) => {
    const fits = most >= least && remainingFor(ledger, evse) >= least;
    if (fits) subtractCurrent(ledger, evse, least);
    return fits;
  });
}

interface Weighed extends Wish {
  readonly number: number;
  readonly weight: number;
}

function weigh(wishes: readonly Wish[], asks: readonly Demand[], rule: Exclude<Rule, 'first-come'>): readonly Weighed[] {
  return wishes.map((it) => ({ ...it, number: asks[it.ask]?.evse ?? 0, weight: weightOf(it, asks[it.ask]?.weight ?? 1, rule) }));
}
function weightOf({ most }: Wish, preference: number, rule: Exclude<Rule, 'first-come'>): number {
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

/** Fills up to whole tenths and takes them; a tenth is left where the sum would not bear it. */
function raise(tree: LimitTree, wishes: readonly Weighed[], ledger: RemainingCapacity): readonly { ask: number; tenths: number }[] {
  const vessels: readonly Consumer[] = wishes;
  const levels = fillProgressively(tree, vessels, ledger.left);
  return wishes.map(({ ask, evse, least }, n) => {
    const more = Math.min(Math.floor((levels[n] ?? least) + ROUNDING) - least, remainingFor(ledger, evse));
    if (more <= 0) return { ask, tenths: least };
    subtractCurrent(ledger, evse, more);
    return { ask, tenths: least + more };
  });
}
const ROUNDING = 1e-6;
