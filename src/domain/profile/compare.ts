import type { Evse } from '../evse.ts';
import { epochSeconds } from '../units.ts';
import type { ActiveChargingProfile, ChargingProfile } from './charging-profile.ts';
import { convertProfile } from './convert.ts';
import { combine, type Limit, merge, type Schedule, type Span, scheduleOf } from './schedule.ts';

/** In A or W: limits have one decimal, so two limits that differ by at most half a step are equal. */
export const LIMIT_TOLERANCE = 0.05;

/** Seconds: stations round or floor their times, so the same step may be one second earlier or later. */
export const EDGE_TOLERANCE = 1;

/** The difference of two profiles over time, in their unit, or in A where their units differ; positive where the first is higher. */
export type Difference = Schedule<number>;

/**
 * Whether two profiles of one EVSE have the same limits in the time that both cover: they never differ for longer than
 * `EDGE_TOLERANCE`. They are `different` too when they share at most `EDGE_TOLERANCE`, or when their units do not convert (CP-25).
 */
export function compareProfiles(a: ActiveChargingProfile, b: ActiveChargingProfile, evse: Evse): 'same' | 'different' {
  const { from, to } = common(a, b);
  if (to - from <= EDGE_TOLERANCE) return 'different';
  const found = difference(a, b, evse);
  return found === undefined || lastsLongerThan(found, (by) => Math.abs(by) > LIMIT_TOLERANCE, EDGE_TOLERANCE) ? 'different' : 'same';
}

/** The limits of `a` minus those of `b` over the time that both cover; undefined when their units do not convert. */
export function difference(a: ActiveChargingProfile, b: ActiveChargingProfile, evse: Evse): Difference | undefined {
  const both = common(a, b);
  // Amperes are the coarser unit: a limit that was rounded to watts converts back to the same tenth of an ampere.
  const [x, y] = a.unit === b.unit ? [a, b] : [inAmperes(a, evse), inAmperes(b, evse)];
  if (x === undefined || y === undefined) return undefined;
  return combine(scheduleWithin(x, both), scheduleWithin(y, both), above);
}

/** Whether `counts` is true of a difference for longer than `tolerance` seconds without a break. */
export const lastsLongerThan = (steps: Difference, counts: (by: number) => boolean, tolerance: number): boolean =>
  merge(steps.filter(({ limit }) => counts(limit)).map(({ from, to }) => ({ from, to, limit: true }))).some(({ from, to }) => to - from > tolerance);

/** Where only one profile has a limit, the other one is infinitely higher. */
const above = (x: Limit | undefined, y: Limit | undefined) => (x === undefined ? Infinity : y === undefined ? -Infinity : x - y);

const common = (a: ActiveChargingProfile, b: ActiveChargingProfile): Span => ({
  from: epochSeconds(Math.max(a.start, b.start)),
  to: epochSeconds(Math.min(a.start + a.duration, b.start + b.duration)),
});

const scheduleWithin = (profile: ChargingProfile, span: Span): Schedule<Limit> => scheduleOf<Limit>(profile, span.from, span);

function inAmperes(profile: ChargingProfile, evse: Evse): ChargingProfile | undefined {
  const converted = convertProfile(profile, 'A', evse);
  return converted.ok ? converted.value : undefined;
}
