import { type Amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, sum, type Watts } from '../units.ts';
import type { Period } from './charging-profile.ts';

/** A ceiling in either unit; a function that takes one of them keeps to it. */
export type Limit = Watts | Amperes;

/** A stretch of time: `from` belongs to it, `to` does not. */
export interface Span {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** A stretch of time under one limit. */
export interface Step<L> extends Span {
  readonly limit: L;
}

/**
 * Which limit holds when: steps in order that never overlap; where there is none, there is no limit.
 * Touching steps differ, so one function of time has one schedule, and deep equality is equality.
 */
export type Schedule<L> = readonly Step<L>[];

/** All of time. */
export const ALWAYS: Span = Object.freeze({ from: epochSeconds(-Infinity), to: epochSeconds(Infinity) });

/** The schedule that forbids nothing. */
export const NO_LIMIT: Schedule<never> = Object.freeze([]);

/** One limit over one span; no limit when the span is empty. */
export const constant = <L>(limit: L, { from, to }: Span = ALWAYS): Schedule<L> => merge([{ from, to, limit }]);

/** What a profile says, wherever it was written down: its times count from `start`, or from the start of charging. */
export interface Timed<L> {
  start?: EpochSeconds;
  /** Absent: the last period never ends (OCPI 2.2.1 §14.5.2). */
  duration?: Seconds;
  periods: readonly Period<L>[];
}

/** A profile as a schedule; one without a start counts from `chargingStarted`. A period lasts until the next one or the profile's end. */
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

/** A schedule as periods of a profile that begins at `start`. Periods cannot tell of gaps: fill these before, with `over`. */
export const periodsOf = <L>(schedule: Schedule<L>, start: EpochSeconds): Period<L>[] =>
  schedule.map(({ from, limit }) => ({ start: seconds(from - start), limit }));

/** Makes a schedule of steps in order: drops the empty ones, joins touching equals. */
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

/** The part of a schedule within a span; there is no limit outside it. */
export function clip<L>(schedule: Schedule<L>, { from, to }: Span): Schedule<L> {
  const cut = (step: Step<L>) => (from <= step.from && step.to <= to ? step : { from: later(from, step.from), to: earlier(to, step.to), limit: step.limit });
  return schedule.filter((step) => later(from, step.from) < earlier(to, step.to)).map(cut);
}

/** What a schedule leaves when it does not hold within a span; there is no limit there. */
export const without = <L>(schedule: Schedule<L>, { from, to }: Span): Schedule<L> =>
  from >= to ? schedule : [...clip(schedule, { from: ALWAYS.from, to: from }), ...clip(schedule, { from: to, to: ALWAYS.to })];

/** The same limits, later by so many seconds; earlier when they are negative. */
export const shift = <L>(schedule: Schedule<L>, by: Seconds): Schedule<L> =>
  schedule.map(({ from, to, limit }) => ({ from: epochSeconds(from + by), to: epochSeconds(to + by), limit }));

/** The limit at one moment; `undefined` where there is none. */
export function limitAt<L>(schedule: Schedule<L>, at: EpochSeconds): L | undefined {
  return schedule.find(({ from, to }) => from <= at && at < to)?.limit;
}

/** The lower of both at every moment: commutative, associative, idempotent, with `NO_LIMIT` as its identity. */
export const lowest = <L extends Limit>(a: Schedule<L>, b: Schedule<L>): Schedule<L> => (a.length === 0 ? b : b.length === 0 ? a : combine(a, b, lower));
const lower = <L extends Limit>(x: L | undefined, y: L | undefined) => (y === undefined || (x !== undefined && x <= y) ? x : y);

/** Both limits together wherever the first has one; the second lifts a ceiling, it does not make one. */
export const raisedBy = <L extends Limit>(ceiling: Schedule<L>, by: Schedule<L>): Schedule<L> =>
  by.length === 0 ? ceiling : combine(ceiling, by, (x, y) => (x === undefined || y === undefined ? x : sum(x, y)));

/** The upper schedule where it has a limit, the other where it has none: associative, idempotent, with `NO_LIMIT` as its identity. */
export const over = <L>(upper: Schedule<L>, under: Schedule<L>): Schedule<L> =>
  upper.length === 0 ? under : under.length === 0 ? upper : combine(upper, under, (x, y) => x ?? y);

/** Walks two schedules at once and lets `choose` say what holds where either has a limit; where neither has, it is not asked. */
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
    const p = heldBy(x, from);
    const q = heldBy(y, from);
    const limit = p === undefined && q === undefined ? undefined : choose(p, q);
    if (limit !== undefined) append(steps, { from, to: at, limit });
    if (x !== undefined && x.to <= at) i += 1;
    if (y !== undefined && y.to <= at) j += 1;
  }
  return steps;
}

const heldBy = <L>(step: Step<L> | undefined, at: EpochSeconds) => (step !== undefined && step.from <= at ? step.limit : undefined);
const nextEdge = (step: Span | undefined, at: EpochSeconds) => (step === undefined ? ALWAYS.to : step.from > at ? step.from : step.to);
const earlier = (a: EpochSeconds, b: EpochSeconds) => (a < b ? a : b);
const later = (a: EpochSeconds, b: EpochSeconds) => (a > b ? a : b);
