import { omitUndefined } from '../omit-undefined.ts';
import type { Result } from '../result.ts';
import { amperes, seconds, watts } from '../units.ts';
import type { ChargingProfile, Period, RateUnit } from './charging-profile.ts';
import { meantTenth } from './convert.ts';
import { KINDS, KINDS_21, PURPOSES_16, PURPOSES_21, PURPOSES_201, RECURRENCES } from './ocpp-enums.ts';
import { limitOfPeriod, limits } from './read-composite.ts';
import {
  addProblem,
  at,
  bool,
  type EnumMapping,
  type Field,
  integer,
  isPresent,
  moment,
  nonNegative,
  numberWhere,
  object,
  oneOf,
  optional,
  readFrom,
  text,
  wholeNumber,
} from './read-field.ts';
import { durationSeconds, increasingPeriods, RATE_UNITS } from './read-periods.ts';
import type { Limit } from './schedule.ts';
import type { InstalledProfile, Purpose } from './stacked-profile.ts';

/** Reads a profile as OCPP 1.6 has it in SetChargingProfile. The problem names the field. */
export const fromOcpp16 = (wire: unknown): Result<InstalledProfile> => readFrom(wire, (it) => profile(it, V16));

/** Reads a profile as OCPP 2.0.1 has it in SetChargingProfile and ReportChargingProfiles. The problem names the field. */
export const fromOcpp201 = (wire: unknown): Result<InstalledProfile> => readFrom(wire, (it) => profile(it, V201));

/** Reads a profile as OCPP 2.1 has it in SetChargingProfile and ReportChargingProfiles. The problem names the field. */
export const fromOcpp21 = (wire: unknown): Result<InstalledProfile> => readFrom(wire, (it) => profile(it, V21));

/** Reads a profile of whichever version: 1.6 calls its id otherwise, and 2.1 has all that 2.0.1 has. */
export const fromOcpp = (wire: unknown): Result<InstalledProfile> => readFrom(wire, ocppProfile);

/** As `fromOcpp`, for one that stands within something else. */
export const ocppProfile = (it: Field): InstalledProfile => profile(it, isPresent(at(it, 'chargingProfileId')) ? V16 : V21);

/** What the versions differ in. */
interface Version {
  id: string;
  purposes: EnumMapping<string, Purpose>;
  kinds: EnumMapping<string, InstalledProfile['kind'] | 'Recurring'>;
  /** OCPP 1.6 counts transactions. */
  transaction(it: Field): string;
  /** Where the one schedule of a profile is. */
  schedule(it: Field): Field;
  /** Infinity where a period does not limit. */
  limit(period: Field, unit: RateUnit): number;
  /** What else a version says of a profile, given what all of them say. */
  more(read: InstalledProfile, it: Field, schedule: Field): InstalledProfile;
}

const oneLimit = (period: Field) => nonNegative(at(period, 'limit'));

const V16: Version = {
  id: 'chargingProfileId',
  purposes: PURPOSES_16,
  kinds: KINDS,
  transaction: (it) => String(integer(it)),
  schedule: (it) => it,
  limit: oneLimit,
  more: (read) => read,
};
const V201: Version = { ...V16, id: 'id', purposes: PURPOSES_201, transaction: text, schedule: onlySchedule };
const V21: Version = {
  ...V201,
  purposes: PURPOSES_21,
  kinds: KINDS_21,
  limit: (period, unit) => limitOfPeriod(limits(period, nonNegative), unit) ?? Infinity,
  more: (read, it, inside) => ({
    ...read,
    ...omitUndefined({
      maxOfflineDuration: optional(at(it, 'maxOfflineDuration'), span),
      invalidAfterOfflineDuration: optional(at(it, 'invalidAfterOfflineDuration'), bool),
      useLocalTime: optional(at(inside, 'useLocalTime'), bool),
      randomizedDelay: optional(at(inside, 'randomizedDelay'), span),
    }),
    ...(read.kind === 'Dynamic' && { schedule: dynamic(read.schedule, it, inside) }),
  }),
};

function profile(it: Field, version: Version): InstalledProfile {
  const written = oneOf(at(it, 'chargingProfileKind'), version.kinds);
  const inside = version.schedule(at(it, 'chargingSchedule'));
  const read: InstalledProfile = {
    id: integer(at(it, version.id)),
    stackLevel: wholeNumber(at(it, 'stackLevel')),
    purpose: oneOf(at(it, 'chargingProfilePurpose'), version.purposes),
    kind: written === 'Recurring' ? oneOf(at(it, 'recurrencyKind'), RECURRENCES) : written,
    ...omitUndefined({
      transactionId: optional(at(it, 'transactionId'), version.transaction),
      validFrom: optional(at(it, 'validFrom'), moment),
      validTo: optional(at(it, 'validTo'), moment),
    }),
    schedule: object(inside, (its) => schedule(its, version)),
  };
  return version.more(read, it, inside);
}

/** Up to three schedules are a choice that ISO 15118 leaves to the car; what it chose is not written here (K01.FR.34). */
function onlySchedule(it: Field): Field {
  const { found, path, problems } = it;
  if (Array.isArray(found) && found.length === 1) return { found: found[0], path: `${path}[0]`, problems };
  addProblem(it, 'a list of one schedule');
  return { found: {}, path, problems: [] };
}

function schedule(it: Field, version: Version): ChargingProfile {
  const times = omitUndefined({ start: optional(at(it, 'startSchedule'), moment), duration: optional(at(it, 'duration'), durationSeconds) });
  const unit = oneOf(at(it, 'chargingRateUnit'), RATE_UNITS);
  const limit = (period: Field) => meantTenth(version.limit(period, unit));
  switch (unit) {
    case 'W':
      return { unit, ...times, ...rates(it, limit, watts) };
    case 'A':
      return { unit, ...times, ...rates(it, limit, amperes) };
  }
}

function rates<L extends Limit>(it: Field, limit: (period: Field) => number, inUnit: (n: number) => L): { minChargingRate?: L; periods: Period<L>[] } {
  return {
    ...omitUndefined({ minChargingRate: optional(at(it, 'minChargingRate'), (least) => inUnit(meantTenth(nonNegative(least)))) }),
    periods: increasingPeriods(at(it, 'chargingSchedulePeriod'), 'startPeriod', (period) => ({
      limit: inUnit(limit(period)),
      ...omitUndefined({ numberPhases: optional(at(period, 'numberPhases'), phases) }),
    })),
  };
}

const phases = (it: Field) => numberWhere(it, '1, 2 or 3', (n) => n === 1 || n === 2 || n === 3);
const span = (it: Field) => seconds(wholeNumber(it));

/** A Dynamic profile is one limit that counts from its last update (OCPP 2.1 K28). */
function dynamic(given: ChargingProfile, it: Field, inside: Field): ChargingProfile {
  if (given.periods.length > 1) addProblem(at(inside, 'chargingSchedulePeriod'), 'one period in a Dynamic profile');
  return { ...given, ...omitUndefined({ start: optional(at(it, 'dynUpdateTime'), moment) }) };
}
