import { type Amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, sum, type Watts } from '../units.ts';
import type { Period } from './charging-profile.ts';

/** A limit in W or in A. A generic function over it never mixes the two units. */
export type Limit = Watts | Amperes;

/** A time span, including `from` and excluding `to`. */
export interface Span {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** A time span with one limit. */
export interface Step<L> extends Span {
  readonly limit: L;
}

/**
 * A limit as a function of time: steps in order, without overlaps; a gap means no limit. Adjacent steps have different limits, so
 * two equal functions of time have deeply equal schedules.
 */
export type Schedule<L> = readonly Step<L>[];

/** All of time. */
export const ALWAYS: Span = Object.freeze({ from: epochSeconds(-Infinity), to: epochSeconds(Infinity) });

/** The schedule without any limit. */
export const NO_LIMIT: Schedule<never> = Object.freeze([]);

/** A schedule with one limit over one span; empty when the span is empty. */
export const constant = <L>(limit: L, { from, to }: Span = ALWAYS): Schedule<L> => merge([{ from, to, limit }]);

/** Periods with their timing: relative to `start`, or to the start of charging when `start` is absent. */
export interface Timed<L> {
  start?: EpochSeconds;
  /** Absent: the last period never ends (OCPI 2.2.1 §14.5.2). */
  duration?: Seconds;
  periods: readonly Period<L>[];
}

/** Converts a profile to a schedule within a span. Without a start it begins at `chargingStarted`. A period ends at the next one or with the profile. */
export function scheduleOf<L>({ start, duration, periods }: Timed<L>, chargingStarted: EpochSeconds, within: Span = ALWAYS): Schedule<L> {
  const origin = start ?? chargingStarted;
  const end = earlier(within.to, epochSeconds(origin + (duration ?? Infinity)));
  const steps: Step<L>[] = [];
  periods.forEach((period, i) => {
    const next = periods[i + 1];
    const from = later(within.from, epochSeconds(origin + period.start));
    const to = next === undefined ? end : earlier(end, epochSeconds(origin + next.start));
    append(steps, { from, to, limit: period.limit });
  });
  return steps;
}

/** Converts a schedule to periods of a profile that starts at `start`. Periods cannot express gaps: fill them with `over` first. */
export const periodsOf = <L>(schedule: Schedule<L>, start: EpochSeconds): Period<L>[] =>
  schedule.map(({ from, limit }) => ({ start: seconds(from - start), limit }));

/** Makes a schedule from steps in order: removes empty steps and joins adjacent steps with equal limits. */
export function merge<L>(steps: Schedule<L>): Schedule<L> {
  const merged: Step<L>[] = [];
  for (const step of steps) append(merged, step);
  return merged;
}

function append<L>(steps: Step<L>[], step: Step<L>): void {
  if (step.from >= step.to) return;
  const last = steps[steps.length - 1];
  if (last?.to === step.from && last.limit === step.limit) steps[steps.length - 1] = { from: last.from, to: step.to, limit: step.limit };
  else steps.push(step);
}

/** The part of a schedule within a span; no limit outside it. */
export function clip<L>(schedule: Schedule<L>, { from, to }: Span): Schedule<L> {
  const cut = (step: Step<L>) => (from <= step.from && step.to <= to ? step : { from: later(from, step.from), to: earlier(to, step.to), limit: step.limit });
  return schedule.filter((step) => later(from, step.from) < earlier(to, step.to)).map(cut);
}

/** The schedule without its limits within a span. */
export const without = <L>(schedule: Schedule<L>, { from, to }: Span): Schedule<L> =>
  from >= to ? schedule : [...clip(schedule, { from: ALWAYS.from, to: from }), ...clip(schedule, { from: to, to: ALWAYS.to })];

/** The schedule moved by `by` seconds: later, or earlier when `by` is negative. */
export const shift = <L>(schedule: Schedule<L>, by: Seconds): Schedule<L> =>
  schedule.map(({ from, to, limit }) => ({ from: epochSeconds(from + by), to: epochSeconds(to + by), limit }));

/** The limit at a moment; undefined: none. */
export function limitAt<L>(schedule: Schedule<L>, at: EpochSeconds): L | undefined {
  return schedule.find(({ from, to }) => from <= at && at < to)?.limit;
}

/** The lower limit of two schedules at every moment: commutative, associative, idempotent, with `NO_LIMIT` as identity. */
export const lowest = <L extends Limit>(a: Schedule<L>, b: Schedule<L>): Schedule<L> => (a.length === 0 ? b : b.length === 0 ? a : combine(a, b, lower));
const lower = <L extends Limit>(x: L | undefined, y: L | undefined) => (y === undefined || (x !== undefined && x <= y) ? x : y);

/** The limits of `ceiling` plus those of `by`. Where `ceiling` has no limit, neither has the result. */
export const raisedBy = <L extends Limit>(ceiling: Schedule<L>, by: Schedule<L>): Schedule<L> =>
  by.length === 0 ? ceiling : combine(ceiling, by, (x, y) => (x === undefined || y === undefined ? x : sum(x, y)));

/** `upper` where it has a limit, `under` elsewhere: associative, idempotent, with `NO_LIMIT` as identity. */
export const over = <L>(upper: Schedule<L>, under: Schedule<L>): Schedule<L> =>
  upper.length === 0 ? under : under.length === 0 ? upper : combine(upper, under, (x, y) => x ?? y);

/** Combines two schedules with `choose`, called for each span in which at least one of them has a limit; undefined: no limit there. */
export function combine<A, B, C>(a: Schedule<A>, b: Schedule<B>, choose: (x: A | undefined, y: B | undefined) => C | undefined): Schedule<C> {
  const steps: Step<C>[] = [];
  let i = 0;
  let j = 0;
  let at = ALWAYS.from;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    const from = at;
    at = earlier(nextEdge(x, from), nextEdge(y, from));
    const p = limitFrom(x, from);
    const q = limitFrom(y, from);
    const limit = p === undefined && q === undefined ? undefined : choose(p, q);
    if (limit !== undefined) append(steps, { from, to: at, limit });
    if (x !== undefined && x.to <= at) i += 1;
    if (y !== undefined && y.to <= at) j += 1;
  }
  return steps;
}

const limitFrom = <L>(step: Step<L> | undefined, at: EpochSeconds) => (step !== undefined && step.from <= at ? step.limit : undefined);
const nextEdge = (step: Span | undefined, at: EpochSeconds) => (step === undefined ? ALWAYS.to : step.from > at ? step.from : step.to);
const earlier = (a: EpochSeconds, b: EpochSeconds) => (a < b ? a : b);
const later = (a: EpochSeconds, b: EpochSeconds) => (a > b ? a : b);
