import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { merge, periodsOf, type Schedule, type Step } from '../domain/profile/schedule.ts';
import { amperes, epochSeconds, watts } from '../domain/units.ts';
import type { Slot } from './slots.ts';

/** The maximum number of periods. Some charge points store no more, and OCPI does not report how many one stores. */
export const MOST_PERIODS = 24;

/**
 * Makes a profile in absolute time from the limit of each slot. It has no end, because after the end of a profile an EVSE would
 * deliver its maximum: the last limit applies until another profile replaces this one.
 */
export function shapeProfile(unit: RateUnit, slots: readonly Slot[], limits: readonly number[]): ChargingProfile {
  return profileOf(unit, merge(slots.map(({ from, to }, n): Step<number> => ({ from, to, limit: limits[n] ?? 0 }))));
}

/** A schedule without gaps as a profile that has no end. */
export function profileOf(unit: RateUnit, steps: Schedule<number>): ChargingProfile {
  const start = steps[0]?.from ?? epochSeconds(0);
  const periods = periodsOf(shortened(steps), start);
  return unit === 'A'
    ? { unit, start, periods: periods.map((it) => ({ start: it.start, limit: amperes(it.limit) })) }
    : { unit, start, periods: periods.map((it) => ({ start: it.start, limit: watts(it.limit) })) };
}

/** Replaces the steps beyond `MOST_PERIODS` by one step with their lowest limit. That time is planned again before it begins. */
function shortened(steps: Schedule<number>): Schedule<number> {
  const [last, ...rest] = steps.slice(MOST_PERIODS - 1);
  if (!last || rest.length === 0) return steps;
  const least = rest.reduce((low, { limit }) => (limit < low ? limit : low), last.limit);
  return merge([...steps.slice(0, MOST_PERIODS - 1), { from: last.from, to: rest.at(-1)?.to ?? last.to, limit: least }]);
}
