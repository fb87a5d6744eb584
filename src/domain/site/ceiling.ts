import { limitAt, type Schedule, type Span } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds, type Watts, watts } from '../units.ts';
import { DAY, secondOfDay } from './local-day.ts';

/** An upper limit of a site node in A and/or W; an absent unit is not limited. */
export interface Ceiling {
  /** A on each phase. */
  readonly a?: Amperes;
  /** W over all phases. */
  readonly w?: Watts;
}

/** A ceiling that is imposed on a node beside its own: from each moment of `later`, in order of time, another one holds in its place; an empty one: none. */
export interface ImposedCeiling extends Ceiling {
  readonly later?: readonly (Ceiling & { readonly from: EpochSeconds })[];
}

/** The ceilings of a node over time; at each moment the lowest of those in force applies. */
export interface CeilingOverTime {
  readonly fixed: Ceiling;
  readonly dated: Schedule<Ceiling>;
  /** Over the seconds of a local day, 0 to 86400. */
  readonly daily: Schedule<Ceiling>;
}

/** A load on the phases R, S and T, and over all phases. */
export interface PhaseLoad {
  readonly a: readonly [Amperes, Amperes, Amperes];
  readonly w: Watts;
}

/** The capacity of a node: its ceiling in both units, Infinity where it is not limited. */
export interface Capacity {
  readonly a: Amperes;
  readonly w: Watts;
  /** What the building takes of it; absent: nothing. */
  readonly taken?: PhaseLoad;
}

const UNLIMITED: Capacity = { a: amperes(Infinity), w: watts(Infinity) };

/** The lower of a capacity and a ceiling, in each unit. */
export const lowerOf = (capacity: Capacity, { a, w }: Ceiling): Capacity => ({
  a: amperes(Math.min(capacity.a, a ?? Infinity)),
  w: watts(Math.min(capacity.w, w ?? Infinity)),
});

/** All limits of a schedule within a span; for an empty span, the limit at its start. */
export function limitsWithin<L>(schedule: Schedule<L>, { from, to }: Span): readonly L[] {
  if (schedule.length === 0) return [];
  const first = limitAt(schedule, from);
  const next = schedule.filter((step) => step.from > from && step.from < to).map((step) => step.limit);
  return first === undefined ? next : [first, ...next];
}

/** The ceilings of an imposed one within a span. */
export function imposedWithin({ later = [], ...first }: ImposedCeiling, { from, to }: Span): readonly Ceiling[] {
  const begun = later.filter((it) => it.from <= from).at(-1) ?? first;
  return [begun, ...later.filter((it) => it.from > from && it.from < to)];
}

/** The lowest capacity of a node at any moment of a span, so that a scheduled reduction takes effect before it begins. */
export function capacityWithin({ fixed, dated, daily }: CeilingOverTime, span: Span, timeZone: string): Capacity {
  const capacity = [fixed, ...limitsWithin(dated, span)].reduce(lowerOf, UNLIMITED);
  if (daily.length === 0) return capacity;
  if (span.to - span.from >= DAY) return daily.map(({ limit }) => limit).reduce(lowerOf, capacity);
  return localSpans(span, timeZone)
    .flatMap((it) => limitsWithin(daily, it))
    .reduce(lowerOf, capacity);
}

/** A span in seconds of the local day. When the clock changes within it, the spans by the time before and after the change both count. */
function localSpans({ from, to }: Span, timeZone: string): readonly Span[] {
  const length = to - from;
  return [secondOfDay(from, timeZone), secondOfDay(to, timeZone) - length].flatMap((start) => cutAtMidnight(start, length));
}

function cutAtMidnight(start: number, length: number): readonly Span[] {
  const from = (start + DAY) % DAY;
  const end = from + length;
  return end > DAY ? [between(from, DAY), between(0, end - DAY)] : [between(from, end)];
}
const between = (from: number, to: number): Span => ({ from: epochSeconds(from), to: epochSeconds(to) });
