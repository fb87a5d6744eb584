import type { Evse } from '../evse.ts';
import { fail, ok, type Result } from '../result.ts';
import { amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, watts } from '../units.ts';
import type { ActiveChargingProfile, ChargingProfile, Period, RateUnit } from './charging-profile.ts';
import { evseMaximum, meantTenth } from './convert.ts';
import { constant, type Limit, lowest, over, periodsOf, type Span, scheduleOf, type Timed } from './schedule.ts';

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

/** A start within so many seconds of now is now: clocks differ, and seconds are rounded. */
const START_TOLERANCE = 10;
/** No schedule begins more than a day away: such a start comes from a wrong clock, and the schedule counts from now. */
const WRONG_CLOCK = 86_400;

/**
 * Converts a reported composite schedule to an ActiveChargingProfile: limits at most the maximum of the EVSE and rounded to one
 * decimal, first period at 0 s, at most the requested duration. What lies before `now` is left out; a schedule that begins later keeps
 * its start (see `fromNow`). Fails when no period lies in that duration (CP-31).
 */
export function activeProfile(
  reported: ReportedSchedule | undefined,
  { evse, duration, now }: ReportRequest & { now: EpochSeconds },
): Result<ActiveChargingProfile> {
  if (reported === undefined) return fail('The charge point accepted the request but sent no schedule; allowed is a schedule with at least one period.');
  const { unit } = reported;
  const start = believedStart(reported, now);
  const end = start + (reported.duration ?? Infinity);
  const from = start < now - START_TOLERANCE ? now : start;
  const span = spanOf(from, Math.min(duration, end - from));
  const periods = reported.periods.map((it) => ({ ...it, start: seconds(start + it.start - from) })).filter((period) => from + period.start < span.to);
  if (periods.length > 0) return ok(cappedProfile(evse, unit, { ...span, periods }));
  return fail(`The composite schedule has ${reported.periods.length} periods, none within its ${span.to - span.from} s; allowed is at least one period.`);
}

/** The start of a schedule; now when a wrong clock gave it: it is over already, or more than a day away. */
function believedStart({ start, duration }: ReportedSchedule, now: EpochSeconds): EpochSeconds {
  const isOver = start < now - START_TOLERANCE && start + (duration ?? Infinity) <= now;
  return isOver || Math.abs(start - now) > WRONG_CLOCK ? now : start;
}

/** Whether an active profile says nothing yet about now. */
export const beginsLater = ({ start }: ActiveChargingProfile, now: EpochSeconds): boolean => start > now + START_TOLERANCE;

/**
 * An active profile that begins now: until the start of `active`, `until` holds, which must be in the same unit. Both are cut to `duration`.
 */
export function fromNow(
  active: ActiveChargingProfile,
  until: ChargingProfile,
  { now, duration }: { now: EpochSeconds; duration: Seconds },
): ActiveChargingProfile {
  if (!beginsLater(active, now)) return active;
  const span = spanOf(now, Math.min(duration, active.start + active.duration - now));
  const timing = { start: now, duration: seconds(span.to - span.from) };
  if (active.unit === 'W' && until.unit === 'W') return { unit: 'W', ...timing, periods: joined(active, until, span) };
  if (active.unit === 'A' && until.unit === 'A') return { unit: 'A', ...timing, periods: joined(active, until, span) };
  return active;
}

const joined = <L extends Limit>(active: Timed<L>, until: Timed<L>, span: Span): Period<L>[] =>
  periodsOf(over(scheduleOf(active, span.from, span), scheduleOf(until, span.from, span)), span.from);

/** The profile of an EVSE that nothing limits: its maximum for the whole duration (CP-23). */
export const maximumProfile = (evse: Evse, unit: RateUnit, { start, duration }: { start: EpochSeconds; duration: Seconds }): ActiveChargingProfile =>
  cappedProfile(evse, unit, { ...spanOf(start, duration), periods: [] });

/** A limit that a charge point announced, as a profile for one EVSE; without a duration its last period never ends. */
export function announcedProfile(evse: Evse, { start, duration, unit, periods }: ReportedSchedule): ChargingProfile {
  const { duration: length, ...capped } = cappedProfile(evse, unit, { ...spanOf(start, duration ?? Infinity), periods });
  return Number.isFinite(length) ? { ...capped, duration: length } : capped;
}

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
