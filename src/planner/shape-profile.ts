import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { merge, periodsOf, type Schedule, type Step } from '../domain/profile/schedule.ts';
import { amperes, epochSeconds, watts } from '../domain/units.ts';
import type { Slot } from './slots.ts';

/** Some charge points keep no more; how many one keeps is not seen over OCPI. */
export const MOST_PERIODS = 24;

/**
 * Makes a profile of limits slot by slot, in absolute time. It has no end: its last limit goes on, beyond any departure, until
 * another profile takes its place, since behind the end of a profile an EVSE would give all that it has.
 */
export function shapeProfile(unit: RateUnit, slots: readonly Slot[], limits: readonly number[]): ChargingProfile {
  return profileOf(unit, merge(slots.map(({ from, to }, n): Step<number> => ({ from, to, limit: limits[n] ?? 0 }))));
}

/** A schedule without gaps as a profile that begins with it and has no end. */
export function profileOf(unit: RateUnit, steps: Schedule<number>): ChargingProfile {
  const start = steps[0]?.from ?? epochSeconds(0);
  const periods = periodsOf(fewer(steps), start);
  return unit === 'A'
    ? { unit, start, periods: periods.map((it) => ({ start: it.start, limit: amperes(it.limit) })) }
    : { unit, start, periods: periods.map((it) => ({ start: it.start, limit: watts(it.limit) })) };
}

/** What is too much for one profile gets the least of what was meant for that time: never above it, and planned again before it comes. */
function fewer(steps: Schedule<number>): Schedule<number> {
  const [last, ...rest] = steps.slice(MOST_PERIODS - 1);
  if (!last || rest.length === 0) return steps;
  const least = rest.reduce((low, { limit }) => (limit < low ? limit : low), last.limit);
  return merge([...steps.slice(0, MOST_PERIODS - 1), { from: last.from, to: rest.at(-1)?.to ?? last.to, limit: least }]);
}
