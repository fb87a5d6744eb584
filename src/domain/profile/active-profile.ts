import type { Evse } from '../evse.ts';
import { fail, ok, type Result } from '../result.ts';
import { amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, watts } from '../units.ts';
import type { ActiveChargingProfile, Period, RateUnit } from './charging-profile.ts';
import { evseMaximum, meantTenth } from './convert.ts';
import { constant, type Limit, lowest, periodsOf, type Span, scheduleOf } from './schedule.ts';

/** A composite schedule as a charge point reported it. Its values are numbers; nothing else about them is checked yet. */
export interface ReportedSchedule {
  start: EpochSeconds;
  /** Absent or longer than requested at some charge points. */
  duration?: Seconds;
  /** The unit of the limits, which may differ from the requested unit. */
  unit: RateUnit;
  /** In any order. An absent or negative limit means no limit; a limit above the maximum of the EVSE has no effect. */
  periods: readonly { start: Seconds; limit?: number }[];
}

/** The EVSE and the duration of the request. */
export interface ReportRequest {
  evse: Evse;
  duration: Seconds;
}

/**
 * Converts a reported composite schedule to an ActiveChargingProfile: limits at most the maximum of the EVSE and rounded to one
 * decimal, first period at 0 s, at most the requested duration. Fails when no period lies in that duration (CP-31).
 */
export function activeProfile(reported: ReportedSchedule | undefined, { evse, duration }: ReportRequest): Result<ActiveChargingProfile> {
  if (reported === undefined) return fail('The charge point accepted the request but sent no schedule; allowed is a schedule with at least one period.');
  const { start, unit } = reported;
  const span = spanOf(start, Math.min(duration, reported.duration ?? Infinity));
  const periods = reported.periods.filter((period) => start + period.start < span.to);
  if (periods.length > 0) return ok(cappedProfile(evse, unit, { ...span, periods }));
  return fail(`The composite schedule has ${reported.periods.length} periods, none within its ${span.to - span.from} s; allowed is at least one period.`);
}

/** The profile of an EVSE that nothing limits: its maximum for the whole duration (CP-23). */
export const maximumProfile = (evse: Evse, unit: RateUnit, { start, duration }: { start: EpochSeconds; duration: Seconds }): ActiveChargingProfile =>
  cappedProfile(evse, unit, { ...spanOf(start, duration), periods: [] });

interface ReportedPeriods extends Span {
  periods: ReportedSchedule['periods'];
}

function cappedProfile(evse: Evse, unit: RateUnit, reported: ReportedPeriods): ActiveChargingProfile {
  const timing = { start: reported.from, duration: seconds(reported.to - reported.from) };
  switch (unit) {
    case 'W':
      return { unit, ...timing, periods: cap(reported, evseMaximum(evse, unit), watts) };
    case 'A':
      return { unit, ...timing, periods: cap(reported, evseMaximum(evse, unit), amperes) };
  }
}

/** Fills every gap with the maximum, so that the first period starts at 0. */
function cap<L extends Limit>({ periods: reported, ...span }: ReportedPeriods, maximum: L, inUnit: (n: number) => L): Period<L>[] {
  const limited = ({ limit }: { limit?: number }) => (limit !== undefined && limit >= 0 ? inUnit(meantTenth(limit)) : maximum);
  const periods = reported.map((period) => ({ start: period.start, limit: limited(period) })).sort((a, b) => a.start - b.start);
  return periodsOf(lowest(scheduleOf({ periods }, span.from, span), constant(maximum, span)), span.from);
}

const spanOf = (from: EpochSeconds, duration: number): Span => ({ from, to: epochSeconds(from + duration) });
