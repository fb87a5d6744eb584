import { printMoment } from '../moment.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { Result } from '../result.ts';
import { amperes, type Seconds, watts } from '../units.ts';
import type { ActiveChargingProfile, ChargingProfile, Period, RateUnit } from './charging-profile.ts';
import { downToTenth, floorTenth } from './convert.ts';
import { at, type Field, moment, nonNegative, object, oneOf, optional, readFrom } from './read-field.ts';
import { durationSeconds, increasingPeriods, RATE_UNITS } from './read-periods.ts';
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

/** Reads a ChargingProfile of OCPI: its start in whole seconds, its limits down to 0.1. The problem names the field. */
export const fromOcpi = (wire: unknown): Result<ChargingProfile> => readFrom(wire, ocpiProfile);

/**
 * Reads an ActiveChargingProfile of OCPI. Its own start wins over that of the profile inside; `asked` stands in for a missing
 * duration, since what was asked about is what is known.
 */
export const activeFromOcpi = (wire: unknown, asked: Seconds): Result<ActiveChargingProfile> =>
  readFrom(wire, (it) => {
    const inside = object(at(it, 'charging_profile'), ocpiProfile);
    return { ...inside, start: moment(at(it, 'start_date_time')), duration: inside.duration ?? asked };
  });

/** As `fromOcpi`, for one that stands within something else. */
export function ocpiProfile(it: Field): ChargingProfile {
  const times = omitUndefined({ start: optional(at(it, 'start_date_time'), moment), duration: optional(at(it, 'duration'), durationSeconds) });
  switch (oneOf(at(it, 'charging_rate_unit'), RATE_UNITS)) {
    case 'W':
      return { unit: 'W', ...times, ...limits(it, watts) };
    case 'A':
      return { unit: 'A', ...times, ...limits(it, amperes) };
  }
}

function limits<L extends Limit>(it: Field, inUnit: (n: number) => L): { minChargingRate?: L; periods: Period<L>[] } {
  const tenth = (limit: Field) => inUnit(downToTenth(nonNegative(limit)));
  return {
    ...omitUndefined({ minChargingRate: optional(at(it, 'min_charging_rate'), tenth) }),
    periods: increasingPeriods(at(it, 'charging_profile_period'), 'start_period', (period) => ({ limit: tenth(at(period, 'limit')) })),
  };
}

/** A profile as OCPI writes it. OCPI knows no numberPhases: a profile that names fewer than its EVSE has is converted to W before. */
export const toOcpi = ({ unit, start, duration, minChargingRate, periods }: ChargingProfile): OcpiChargingProfile => ({
  ...omitUndefined({ start_date_time: start === undefined ? undefined : printMoment(start), duration }),
  charging_rate_unit: unit,
  ...omitUndefined({ min_charging_rate: minChargingRate === undefined ? undefined : floorTenth(minChargingRate) }),
  charging_profile_period: periods.map((period) => ({ start_period: period.start, limit: floorTenth(period.limit) })),
});

/** An active profile as OCPI writes it: the start stands outside, and inside too, for readers that look only there. */
export const activeToOcpi = (active: ActiveChargingProfile): OcpiActiveChargingProfile => ({
  start_date_time: printMoment(active.start),
  charging_profile: toOcpi(active),
});
