import type { Evse } from '../evse.ts';
import { epochSeconds } from '../units.ts';
import type { ActiveChargingProfile, ChargingProfile } from './charging-profile.ts';
import { convertProfile } from './convert.ts';
import { combine, type Limit, merge, type Schedule, type Span, scheduleOf } from './schedule.ts';

/** In either unit. Limits have one decimal; less than half a step apart is one limit told twice. */
export const LIMIT_TOLERANCE = 0.05;

/** Stations floor or round their seconds, so the same edge may come a second later. */
export const EDGE_TOLERANCE = 1;

/** How far one profile lies above another, step by step, over the time that both cover; negative where it lies below. In A where their units differ. */
export type Difference = Schedule<number>;

/**
 * Whether two profiles of one EVSE say the same of the time that both cover, wherever each of them starts: they do when they
 * never disagree for longer than a second. `different` too when they cover no such time in common, or their units do not convert (CP-25).
 */
export function compareProfiles(a: ActiveChargingProfile, b: ActiveChargingProfile, evse: Evse): 'same' | 'different' {
  const { from, to } = common(a, b);
  if (to - from <= EDGE_TOLERANCE) return 'different';
  const found = difference(a, b, evse);
  return found === undefined || lastsLongerThan(found, (by) => Math.abs(by) > LIMIT_TOLERANCE, EDGE_TOLERANCE) ? 'different' : 'same';
}

/** How one profile of an EVSE differs from another; undefined when their units do not convert. */
export function difference(a: ActiveChargingProfile, b: ActiveChargingProfile, evse: Evse): Difference | undefined {
  const both = common(a, b);
  // Amperes are the coarser unit: what was rounded to watts comes back to the same tenth of an ampere.
  const [x, y] = a.unit === b.unit ? [a, b] : [inAmperes(a, evse), inAmperes(b, evse)];
  if (x === undefined || y === undefined) return undefined;
  return combine(scheduleWithin(x, both), scheduleWithin(y, both), above);
}

/** Whether a difference that counts goes on for longer than so many seconds. */
export const lastsLongerThan = (steps: Difference, counts: (by: number) => boolean, tolerance: number): boolean =>
  merge(steps.filter(({ limit }) => counts(limit)).map(({ from, to }) => ({ from, to, limit: true }))).some(({ from, to }) => to - from > tolerance);

/** Where only one of them limits, the other is above it without end. */
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
