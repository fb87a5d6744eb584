import type { Span } from '../profile/schedule.ts';
import { limitAt, type Schedule } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds } from '../units.ts';
import { type Capacity, limitsWithin } from './ceiling.ts';
import { countedWithin, type Delays, type EvseState, isFixed } from './evse-state.ts';
import { isSameCapacity, type KnownLimits, type OutlookSpan, outlook } from './outlook.ts';
import { type Demand, evseAt, type Rule, share } from './share.ts';
import { slotOf } from './waiting-order.ts';

/** The target of each EVSE in one span of time, and the inputs that it was computed from. */
export interface SpanTargets {
  /** All inputs as numbers: the targets are reused while they stay the same. */
  readonly from: Float64Array;
  readonly capacities: readonly Capacity[];
  /** A on each phase, by EVSE number; 0 without a car. */
  readonly targets: readonly Amperes[];
}

/** The targets now, and those from later moments on, at which limits of the site change. */
export interface TargetPlan extends SpanTargets {
  readonly later: readonly (SpanTargets & { readonly begins: EpochSeconds })[];
}

/** s: later limits are shared out anew when they begin within this time; until then they are only kept within the limits. */
export const SOON = 600;
/** Targets of a time that is far away are computed anew when a car comes or goes, and not for each change of what it may draw. */
const asOfFar = (it: Demand): Demand => ({ ...it, ceiling: amperes(0), weight: 0 });

/** The inputs of the balance of a site. */
export interface BalanceInputs extends KnownLimits {
  readonly rule: Rule;
  readonly delays: Delays;
  readonly evses: readonly EvseState[];
}

/** The plan from a moment on; the same object as `before` when its inputs did not change. */
export function planTargets(inputs: BalanceInputs, now: EpochSeconds, before: TargetPlan | undefined): TargetPlan {
  const known: readonly SpanTargets[] = before ? [before, ...before.later] : [];
  const [present, ...coming] = outlook(inputs, now);
  if (!present) throw new RangeError(`Found no limits of ${inputs.tree.name}.`);
  const first = targetsIn(inputs, { span: present, now }, known);
  if (before?.from === first.from && isSameOutlook(before.later, coming) && inputs.evses.every(({ periods }) => periods > 1)) return before;
  const more = coming.map((span) => ({ begins: span.from, ...targetsIn(inputs, { span, now }, known) }));
  const isSame = before?.from === first.from && before.later.length === more.length;
  if (before && isSame && before.later.every(({ begins, from }, n) => begins === more[n]?.begins && from === more[n]?.from)) return before;
  const { from, capacities, targets } = first;
  return { from, capacities, targets, later: more };
}

/** Whether later spans begin as before, with the same capacities: with the same cars their targets are the same. */
const isSameOutlook = (before: TargetPlan['later'], coming: readonly OutlookSpan[]): boolean =>
  before.length === coming.length &&
  coming.every(({ from, capacities }, n) => from === before[n]?.begins && capacities.every((it, node) => isSameCapacity(it, before[n]?.capacities[node])));

/** The spans of a plan, the first of which begins now. */
export function spansOf({ later }: TargetPlan, now: EpochSeconds): readonly Span[] {
  const starts = [now, ...later.map(({ begins }) => begins)];
  return starts.map((from, n) => ({ from, to: epochSeconds(starts[n + 1] ?? Infinity) }));
}

function targetsIn(inputs: BalanceInputs, when: { span: OutlookSpan; now: EpochSeconds }, known: readonly SpanTargets[]): SpanTargets {
  const { tree, rule } = inputs;
  const { span } = when;
  const { capacities } = span;
  const { demands, fixed } = demandsOf(inputs, when);
  const isFar = span.from > when.now + SOON;
  const from = numbersOf({ capacities, demands: isFar ? demands.map(asOfFar) : demands, fixed, now: span.from });
  const same = known.find((it) => sameNumbers(it.from, from));
  if (same) return { from: same.from, capacities: same.capacities, targets: same.targets };
  const shareInputs = { rule, at: span.from, capacities, fixed: [] };
  const targets = byEvse(inputs, demands, share(tree, demands, shareInputs));
  if (fixed.length === 0) return { from, capacities, targets };
  const fixedEvses = new Set(fixed.map(({ evse }) => evse));
  const free = demands.filter(({ evse }) => !fixedEvses.has(evse));
  const others = byEvse(inputs, free, share(tree, free, { ...shareInputs, fixed }));
  return { from, capacities, targets: targets.map((target, n) => (fixedEvses.has(n) ? target : (others[n] ?? amperes(0)))) };
}

interface Demands {
  demands: Demand[];
  fixed: { evse: number; current: Amperes }[];
}
function demandsOf({ tree, evses, delays }: BalanceInputs, { span, now }: { span: OutlookSpan; now: EpochSeconds }): Demands {
  const found: Demands = { demands: [], fixed: [] };
  const isNow = span.from === now;
  for (const [evse, it] of evses.entries()) {
    const site = evseAt(tree, evse);
    if (isFixed(it, now) || (!isNow && it.periods <= 1)) found.fixed.push({ evse, current: countedWithin(site, it, span) });
    if (it.pluggedAt === undefined) continue;
    const own = Math.min(site.maximum, it.usage.cap);
    const ceiling =
      it.profile.length === 0
        ? own
        : Math.min(own, ...(isNow ? limitsWithin(it.profile, { from: now, to: epochSeconds(now + delays.lead) }) : [highestIn(it.profile, span)]));
    found.demands.push({ evse, ceiling: amperes(ceiling), since: it.pluggedAt, weight: it.weight });
  }
  return found;
}

/** The highest limit of a profile within a span; Infinity where it has none: the station follows the profile by itself. */
function highestIn(profile: Schedule<Amperes>, { from, to }: Span): number {
  const within = profile.filter((step) => step.to > from && step.from < to);
  const isCovered = limitAt(profile, from) !== undefined && within.every((step, n) => step.to >= to || within[n + 1]?.from === step.to);
  return isCovered ? Math.max(...within.map(({ limit }) => limit)) : Infinity;
}

/** All inputs of a plan as one array of numbers, which is fast to compare. */
function numbersOf({ capacities, demands, fixed, now }: Demands & { capacities: readonly Capacity[]; now: EpochSeconds }): Float64Array {
  const metered = capacities.filter(({ taken }) => taken !== undefined).length;
  const numbers = new Float64Array(1 + capacities.length * 2 + metered * 5 + demands.length * 4 + fixed.length * 2);
  numbers[0] = slotOf(now);
  let n = 1;
  for (const { a, w } of capacities) [numbers[n++], numbers[n++]] = [a, w];
  for (const [node, { taken }] of capacities.entries()) if (taken) for (const it of [node, ...taken.a, taken.w]) numbers[n++] = it;
  for (const { evse, ceiling, weight, since } of demands) [numbers[n++], numbers[n++], numbers[n++], numbers[n++]] = [evse, ceiling, weight, since];
  for (const { evse, current } of fixed) [numbers[n++], numbers[n++]] = [-1 - evse, current];
  return numbers;
}

function byEvse({ tree }: BalanceInputs, demands: readonly Demand[], shares: readonly Amperes[]): readonly Amperes[] {
  const targets = tree.evses.map(() => amperes(0));
  for (const [n, { evse }] of demands.entries()) targets[evse] = shares[n] ?? amperes(0);
  return targets;
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
