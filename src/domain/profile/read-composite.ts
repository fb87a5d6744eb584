import type { Result } from '../result.ts';
import { type EpochSeconds, seconds } from '../units.ts';
import type { ReportedSchedule } from './active-profile.ts';
import type { RateUnit } from './charging-profile.ts';
import { at, type Field, integer, isPresent, list, moment, number, numberWhere, object, oneOf, optional, readFrom, text } from './read-field.ts';
import { RATE_UNITS } from './read-periods.ts';

/** The limits of a period, which OCPP 2.1 may give for each phase, or leave to its operationMode (ChargingSchedulePeriodType). */
export interface PeriodLimits {
  limit?: number | undefined;
  limit_L2?: number | undefined;
  limit_L3?: number | undefined;
  operationMode?: string | undefined;
}

/**
 * What a period limits to; undefined when to nothing. Amperes are per phase, so the least of them holds; watts are in all, so they
 * add up, and a phase without a limit leaves the sum without one. A car that is told to idle gets nothing. Setpoints are no ceilings.
 */
export function limitOfPeriod({ limit, limit_L2: second, limit_L3: third, operationMode }: PeriodLimits, unit: RateUnit): number | undefined {
  const limits = [limit, second, third].filter((it) => it !== undefined);
  if (limits.length === 0) return operationMode === 'Idle' ? 0 : undefined;
  if (unit === 'A') return Math.min(...limits);
  return limit === undefined ? undefined : limits.reduce((sum, it) => sum + it, 0);
}

/** A composite schedule as every version of OCPP writes it, but for where its start stands. */
export interface WireComposite {
  duration?: number | undefined;
  chargingRateUnit: RateUnit;
  chargingSchedulePeriod: readonly (PeriodLimits & { startPeriod: number })[];
}

/** A composite schedule in our words; nothing is mended yet, see `activeProfile`. */
export const reportedSchedule = ({ duration, chargingRateUnit: unit, chargingSchedulePeriod }: WireComposite, start: EpochSeconds): ReportedSchedule => ({
  start,
  unit,
  ...(duration !== undefined && { duration: seconds(duration) }),
  periods: chargingSchedulePeriod.map((period) => {
    const limit = limitOfPeriod(period, unit);
    return { start: seconds(period.startPeriod), ...(limit !== undefined && { limit }) };
  }),
});

/**
 * Reads what a charge point answered to GetCompositeSchedule, in any version of OCPP: the whole answer, or the schedule in it.
 * `asked` stands in for a start that it does not tell.
 */
export const fromComposite = (wire: unknown, asked: EpochSeconds): Result<ReportedSchedule> => readFrom(wire, (it) => ocppComposite(it, asked));

/** As `fromComposite`, for one that stands within something else. */
export function ocppComposite(it: Field, asked: EpochSeconds): ReportedSchedule {
  const inside = [at(it, 'chargingSchedule'), at(it, 'schedule')].find(isPresent) ?? it;
  // Errata 3.57 of OCPP 1.6 leaves startSchedule out, yet some stations give the start there and nowhere else.
  const start = [at(it, 'scheduleStart'), at(inside, 'scheduleStart'), at(inside, 'startSchedule')].find(isPresent);
  return reportedSchedule(object(inside, composite), start === undefined ? asked : moment(start));
}

const composite = (it: Field): WireComposite => ({
  duration: optional(at(it, 'duration'), anySpan),
  chargingRateUnit: oneOf(at(it, 'chargingRateUnit'), RATE_UNITS),
  chargingSchedulePeriod: list(at(it, 'chargingSchedulePeriod'), (period) => ({ startPeriod: integer(at(period, 'startPeriod')), ...limits(period, number) })),
});

/** Some stations answer for thousands of years. */
const anySpan = (it: Field) => numberWhere(it, 'a number from 0 on', (n) => n >= 0);

/** The limits of a period, each read by `amount`. */
export const limits = (period: Field, amount: (it: Field) => number): PeriodLimits => ({
  limit: optional(at(period, 'limit'), amount),
  limit_L2: optional(at(period, 'limit_L2'), amount),
  limit_L3: optional(at(period, 'limit_L3'), amount),
  operationMode: optional(at(period, 'operationMode'), text),
});
