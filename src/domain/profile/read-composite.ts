import type { Result } from '../result.ts';
import { type EpochSeconds, seconds } from '../units.ts';
import type { ReportedSchedule } from './active-profile.ts';
import type { RateUnit } from './charging-profile.ts';
import { at, type Field, integer, isPresent, list, moment, number, numberWhere, object, oneOf, optional, readFrom, text } from './read-field.ts';
import { RATE_UNITS } from './read-periods.ts';

/** The limits of a period. OCPP 2.1 has one for each phase, or an operationMode instead (ChargingSchedulePeriodType). */
export interface PeriodLimits {
  limit?: number | undefined;
  limit_L2?: number | undefined;
  limit_L3?: number | undefined;
  operationMode?: string | undefined;
}

/**
 * The limit of a period, in A per phase or in W over all phases; undefined: none. Amperes: the lowest phase limit. Watts: the sum,
 * or undefined when phase L1 has no limit. Idle without limits: 0. Setpoints are ignored, because they are no upper limits.
 */
export function limitOfPeriod({ limit, limit_L2: second, limit_L3: third, operationMode }: PeriodLimits, unit: RateUnit): number | undefined {
  const limits = [limit, second, third].filter((it) => it !== undefined);
  if (limits.length === 0) return operationMode === 'Idle' ? 0 : undefined;
  if (unit === 'A') return Math.min(...limits);
  return limit === undefined ? undefined : limits.reduce((sum, it) => sum + it, 0);
}

/** A composite schedule on the wire, the same in every version of OCPP except for the place of its start. */
export interface WireComposite {
  duration?: number | undefined;
  chargingRateUnit: RateUnit;
  chargingSchedulePeriod: readonly (PeriodLimits & { startPeriod: number })[];
}

/** Converts a composite schedule from the wire without any correction; `activeProfile` corrects it. */
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
 * Reads the answer to GetCompositeSchedule of any version of OCPP: the whole answer or only its schedule. A missing start is
 * replaced by `requestedAt`. Fails with the invalid fields.
 */
export const fromComposite = (wire: unknown, requestedAt: EpochSeconds): Result<ReportedSchedule> => readFrom(wire, (it) => ocppComposite(it, requestedAt));

/** Like `fromComposite`, for a schedule inside another object. */
export function ocppComposite(it: Field, requestedAt: EpochSeconds): ReportedSchedule {
  const inside = [at(it, 'chargingSchedule'), at(it, 'schedule')].find(isPresent) ?? it;
  // Errata 3.57 of OCPP 1.6 omits startSchedule, but some stations send the start only there.
  const start = [at(it, 'scheduleStart'), at(inside, 'scheduleStart'), at(inside, 'startSchedule')].find(isPresent);
  return reportedSchedule(object(inside, composite), start === undefined ? requestedAt : moment(start));
}

const composite = (it: Field): WireComposite => ({
  duration: optional(at(it, 'duration'), anySpan),
  chargingRateUnit: oneOf(at(it, 'chargingRateUnit'), RATE_UNITS),
  chargingSchedulePeriod: list(at(it, 'chargingSchedulePeriod'), (period) => ({ startPeriod: integer(at(period, 'startPeriod')), ...limits(period, number) })),
});

/** A duration of any length: some stations answer for thousands of years. */
const anySpan = (it: Field) => numberWhere(it, 'a number from 0 on', (n) => n >= 0);

/** Reads the limits of a period, each with `amount`. */
export const limits = (period: Field, amount: (it: Field) => number): PeriodLimits => ({
  limit: optional(at(period, 'limit'), amount),
  limit_L2: optional(at(period, 'limit_L2'), amount),
  limit_L3: optional(at(period, 'limit_L3'), amount),
  operationMode: optional(at(period, 'operationMode'), text),
});
