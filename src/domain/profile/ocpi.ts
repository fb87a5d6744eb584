import { printMoment } from '../moment.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { Result } from '../result.ts';
import { amperes, type Seconds, watts } from '../units.ts';
import type { ActiveChargingProfile, ChargingProfile, Period, RateUnit } from './charging-profile.ts';
import { downToTenth, floorTenth } from './convert.ts';
import { at, type Field, moment, nonNegative, object, oneOf, optional, readFrom } from './read-field.ts';
import { durationSeconds, increasingPeriods, RATE_UNITS, sortedPeriods } from './read-periods.ts';
import type { Limit } from './schedule.ts';

/** A ChargingProfile as OCPI writes it (OCPI 2.2.1 §14.5.2). */
export interface OcpiChargingProfile {
  start_date_time?: string;
  duration?: number;
  charging_rate_unit: RateUnit;
  min_charging_rate?: number;
  charging_profile_period: { start_period: number; limit: number }[];
}

/** An ActiveChargingProfile as OCPI writes it (OCPI 2.2.1 §14.4). */
export interface OcpiActiveChargingProfile {
  start_date_time: string;
  charging_profile: OcpiChargingProfile;
}

/** Reads a ChargingProfile of OCPI: start in whole seconds, limits rounded down to 0.1. Fails with the invalid fields. */
export const fromOcpi = (wire: unknown): Result<ChargingProfile> => readFrom(wire, ocpiProfile);

/**
 * Reads an ActiveChargingProfile of OCPI. Its own start takes precedence over the start of the profile inside. A missing duration
 * is replaced by `requested`, the duration of the request. It is told, not asked for: it may have no periods, or begin later than it
 * starts, and then nothing is known about that time. Fails with the invalid fields.
 */
export const activeFromOcpi = (wire: unknown, requested: Seconds): Result<ActiveChargingProfile> =>
  readFrom(wire, (it) => {
    const inside = object(at(it, 'charging_profile'), (profile) => ocpiProfile(profile, sortedPeriods));
    return { ...inside, start: moment(at(it, 'start_date_time')), duration: inside.duration ?? requested };
  });

type PeriodReader = typeof increasingPeriods;

/** Like `fromOcpi`, for a profile inside another object. */
export function ocpiProfile(it: Field, readPeriods: PeriodReader = increasingPeriods): ChargingProfile {
  const times = omitUndefined({ start: optional(at(it, 'start_date_time'), moment), duration: optional(at(it, 'duration'), durationSeconds) });
  switch (oneOf(at(it, 'charging_rate_unit'), RATE_UNITS)) {
    case 'W':
      return { unit: 'W', ...times, ...limits(it, watts, readPeriods) };
    case 'A':
      return { unit: 'A', ...times, ...limits(it, amperes, readPeriods) };
  }
}

function limits<L extends Limit>(it: Field, inUnit: (n: number) => L, readPeriods: PeriodReader): { minChargingRate?: L; periods: Period<L>[] } {
  const tenth = (limit: Field) => inUnit(downToTenth(nonNegative(limit)));
  return {
    ...omitUndefined({ minChargingRate: optional(at(it, 'min_charging_rate'), tenth) }),
    periods: readPeriods(at(it, 'charging_profile_period'), 'start_period', (period) => ({ limit: tenth(at(period, 'limit')) })),
  };
}

/** Writes a ChargingProfile for OCPI, which has no numberPhases: convert a profile with fewer phases than its EVSE to W first. */
export const toOcpi = ({ unit, start, duration, minChargingRate, periods }: ChargingProfile): OcpiChargingProfile => ({
  ...omitUndefined({ start_date_time: start === undefined ? undefined : printMoment(start), duration }),
  charging_rate_unit: unit,
  ...omitUndefined({ min_charging_rate: minChargingRate === undefined ? undefined : floorTenth(minChargingRate) }),
  charging_profile_period: periods.map((period) => ({ start_period: period.start, limit: floorTenth(period.limit) })),
});

/** Writes an ActiveChargingProfile for OCPI. The start is outside and inside, because some receivers read only the inner one. */
export const activeToOcpi = (active: ActiveChargingProfile): OcpiActiveChargingProfile => ({
  start_date_time: printMoment(active.start),
  charging_profile: toOcpi(active),
});
