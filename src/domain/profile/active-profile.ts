import type { Evse } from '../evse.ts';
import { fail, ok, type Result } from '../result.ts';
import { amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, watts } from '../units.ts';
import type { ActiveChargingProfile, Period, RateUnit } from './charging-profile.ts';
import { evseMaximum, meantTenth } from './convert.ts';
import { constant, type Limit, lowest, periodsOf, type Span, scheduleOf } from './schedule.ts';

/** A composite schedule as a charge point told it: nothing in it is trusted but that it is numbers. */
export interface ReportedSchedule {
  start: EpochSeconds;
  /** May be absent, or far longer than was asked for. */
  duration?: Seconds;
  /** Not always the unit that was asked for; this one counts. */
  unit: RateUnit;
  /** In any order. An absent or negative limit is no limit, and so in practice is a huge one. */
  periods: readonly { start: Seconds; limit?: number }[];
}

/** Which EVSE was asked, and how far ahead. */
export interface ReportRequest {
  evse: Evse;
  duration: Seconds;
}

/**
 * Makes an ActiveChargingProfile of what a charge point reported: never above what the EVSE carries, no longer than asked,
 * from 0 s on, one decimal. Fails when the report says nothing of that time, as some stations' ACCEPTED does (CP-31).
 */
export function activeProfile(reported: ReportedSchedule | undefined, { evse, duration }: ReportRequest): Result<ActiveChargingProfile> {
  if (reported === undefined) return fail('The charge point accepted, but sent no schedule; an active profile needs one with at least one period.');
  const { start, unit } = reported;
  const span = lasting(start, Math.min(duration, reported.duration ?? Infinity));
  const told = reported.periods.filter((period) => start + period.start < span.to);
  if (told.length > 0) return ok(cappedProfile(evse, unit, { ...span, told }));
  return fail(`The composite schedule has ${reported.periods.length} periods, none of them within its ${span.to - span.from} s; an active profile needs one.`);
}

/** What an EVSE may draw when nothing limits it: all that it carries (CP-23). */
export const maximumProfile = (evse: Evse, unit: RateUnit, { start, duration }: { start: EpochSeconds; duration: Seconds }): ActiveChargingProfile =>
  cappedProfile(evse, unit, { ...lasting(start, duration), told: [] });

interface Told extends Span {
  told: ReportedSchedule['periods'];
}

function cappedProfile(evse: Evse, unit: RateUnit, told: Told): ActiveChargingProfile {
  const timing = { start: told.from, duration: seconds(told.to - told.from) };
  switch (unit) {
    case 'W':
      return { unit, ...timing, periods: cap(told, evseMaximum(evse, unit), watts) };
    case 'A':
      return { unit, ...timing, periods: cap(told, evseMaximum(evse, unit), amperes) };
  }
}

/** The maximum fills every gap, so that the first period starts at 0. */
function cap<L extends Limit>({ told, ...span }: Told, maximum: L, inUnit: (n: number) => L): Period<L>[] {
  const limited = ({ limit }: { limit?: number }) => (limit !== undefined && limit >= 0 ? inUnit(meantTenth(limit)) : maximum);
  const periods = told.map((period) => ({ start: period.start, limit: limited(period) })).sort((a, b) => a.start - b.start);
  return periodsOf(lowest(scheduleOf({ periods }, span.from, span), constant(maximum, span)), span.from);
}

const lasting = (from: EpochSeconds, duration: number): Span => ({ from, to: epochSeconds(from + duration) });
