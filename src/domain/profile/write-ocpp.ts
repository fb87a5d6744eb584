import { printMoment } from '../moment.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { fail, ok, type Result } from '../result.ts';
import type { EpochSeconds } from '../units.ts';
import type { ChargingProfile, RateUnit } from './charging-profile.ts';
import { floorTenth } from './convert.ts';
import { PURPOSES_16, PURPOSES_21, PURPOSES_201, type Purpose16, type Purpose21, type Purpose201 } from './ocpp-enums.ts';
import { wireValueOf } from './read-field.ts';
import type { InstalledProfile } from './stacked-profile.ts';

interface OcppSchedule<Period> {
  startSchedule?: string;
  duration?: number;
  chargingRateUnit: RateUnit;
  minChargingRate?: number;
  chargingSchedulePeriod: Period[];
}

interface OcppPeriod {
  startPeriod: number;
  limit: number;
  numberPhases?: number;
}

interface OcppProfile {
  stackLevel: number;
  recurrencyKind?: 'Daily' | 'Weekly';
  validFrom?: string;
  validTo?: string;
}

type Kind = 'Absolute' | 'Relative' | 'Recurring';

/** A profile as OCPP 1.6 has it in SetChargingProfile. */
export interface Ocpp16Profile extends OcppProfile {
  chargingProfileId: number;
  transactionId?: number;
  chargingProfilePurpose: Purpose16;
  chargingProfileKind: Kind;
  chargingSchedule: OcppSchedule<OcppPeriod>;
}

/** A profile as OCPP 2.0.1 has it in SetChargingProfile and ReportChargingProfiles. */
export interface Ocpp201Profile extends OcppProfile {
  id: number;
  transactionId?: string;
  chargingProfilePurpose: Purpose201;
  chargingProfileKind: Kind;
  chargingSchedule: (OcppSchedule<OcppPeriod> & { id: number })[];
}

/** A profile as OCPP 2.1 has it: a period that does not limit has no limit. */
export interface Ocpp21Profile extends OcppProfile {
  id: number;
  transactionId?: string;
  chargingProfilePurpose: Purpose21;
  chargingProfileKind: Kind | 'Dynamic';
  dynUpdateTime?: string;
  maxOfflineDuration?: number;
  invalidAfterOfflineDuration?: boolean;
  chargingSchedule: (OcppSchedule<Partial<OcppPeriod> & { startPeriod: number }> & { id: number; useLocalTime?: boolean; randomizedDelay?: number })[];
}

/** Writes a profile for OCPP 1.6; fails with what that version cannot say. */
export function toOcpp16(profile: InstalledProfile): Result<Ocpp16Profile> {
  const { kind, transactionId } = profile;
  const purpose = wireValueOf(PURPOSES_16, profile.purpose);
  if (purpose === undefined || kind === 'Dynamic' || !isLimited(profile)) return unsaid(profile, '1.6');
  if (transactionId !== undefined && !/^-?\d{1,10}$/.test(transactionId)) return fail(`transaction ${transactionId} is not a number, as OCPP 1.6 has them`);
  return ok({
    chargingProfileId: profile.id,
    ...(transactionId !== undefined && { transactionId: Number(transactionId) }),
    stackLevel: profile.stackLevel,
    chargingProfilePurpose: purpose,
    ...kindOf(kind),
    ...validity(profile),
    chargingSchedule: { ...times(profile.schedule), chargingSchedulePeriod: periods(profile.schedule) },
  });
}

/** Writes a profile for OCPP 2.0.1; fails with what that version cannot say. */
export function toOcpp201(profile: InstalledProfile): Result<Ocpp201Profile> {
  const { kind } = profile;
  const purpose = wireValueOf(PURPOSES_201, profile.purpose);
  if (purpose === undefined || kind === 'Dynamic' || !isLimited(profile)) return unsaid(profile, '2.0.1');
  return ok({
    ...named(profile),
    chargingProfilePurpose: purpose,
    ...kindOf(kind),
    ...validity(profile),
    chargingSchedule: [{ id: 1, ...times(profile.schedule), chargingSchedulePeriod: periods(profile.schedule) }],
  });
}

/** Writes a profile for OCPP 2.1, which can say all that a profile here says. */
export function toOcpp21(profile: InstalledProfile): Result<Ocpp21Profile> {
  const { kind, schedule, maxOfflineDuration, invalidAfterOfflineDuration, useLocalTime, randomizedDelay } = profile;
  const purpose = wireValueOf(PURPOSES_21, profile.purpose);
  if (purpose === undefined) return unsaid(profile, '2.1');
  const { startSchedule, ...untimed } = times(schedule);
  return ok({
    ...named(profile),
    chargingProfilePurpose: purpose,
    ...(kind === 'Dynamic' ? { chargingProfileKind: kind, ...omitUndefined({ dynUpdateTime: startSchedule }) } : kindOf(kind)),
    ...validity(profile),
    ...omitUndefined({ maxOfflineDuration, invalidAfterOfflineDuration }),
    chargingSchedule: [
      {
        id: 1,
        ...(kind !== 'Dynamic' && omitUndefined({ startSchedule })),
        ...untimed,
        ...omitUndefined({ useLocalTime, randomizedDelay }),
        chargingSchedulePeriod: periods(schedule).map(({ limit, ...period }) => (limit === Infinity ? period : { ...period, limit })),
      },
    ],
  });
}

/** From 2.0.1 on ids have a shorter name, and transactions any. */
const named = ({ id, transactionId, stackLevel }: InstalledProfile) => ({ id, ...omitUndefined({ transactionId }), stackLevel });

const kindOf = (kind: Exclude<InstalledProfile['kind'], 'Dynamic'>): { chargingProfileKind: Kind; recurrencyKind?: 'Daily' | 'Weekly' } =>
  kind === 'Daily' || kind === 'Weekly' ? { chargingProfileKind: 'Recurring', recurrencyKind: kind } : { chargingProfileKind: kind };

const printed = (at: EpochSeconds | undefined) => (at === undefined ? undefined : printMoment(at));
const validity = ({ validFrom, validTo }: InstalledProfile) => omitUndefined({ validFrom: printed(validFrom), validTo: printed(validTo) });

const times = ({ unit, start, duration, minChargingRate }: ChargingProfile) => ({
  ...omitUndefined({ startSchedule: printed(start), duration }),
  chargingRateUnit: unit,
  ...omitUndefined({ minChargingRate: minChargingRate === undefined ? undefined : floorTenth(minChargingRate) }),
});

const periods = ({ periods: all }: ChargingProfile): OcppPeriod[] =>
  all.map(({ start, limit, numberPhases }) => ({ startPeriod: start, limit: floorTenth(limit), ...omitUndefined({ numberPhases }) }));

const isLimited = ({ schedule: { periods: all } }: InstalledProfile) => all.every(({ limit }) => limit < Infinity);

const unsaid = ({ purpose, kind }: InstalledProfile, version: string) =>
  fail(`OCPP ${version} cannot say this: purpose ${purpose}, kind ${kind}${version === '2.1' ? '' : ', or a period without a limit'}`);
