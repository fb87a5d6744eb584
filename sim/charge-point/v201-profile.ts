import { compact, type Fields, fieldsOf, listOf, numberOf, parseTime, printTime, textOf } from './dialect.ts';
import type { InstalledProfile, InstalledPurpose, Refusal } from './profiles.ts';
import { readSchedule } from './v16-profile.ts';

/** The purposes of OCPP 2.x by name, without PriorityCharging and LocalGeneration of OCPP 2.1, which this station may and does refuse. */
export const PURPOSES: Readonly<Record<string, InstalledPurpose>> = {
  ChargingStationMaxProfile: 'max',
  ChargingStationExternalConstraints: 'external',
  TxDefaultProfile: 'tx-default',
  TxProfile: 'tx',
};

/** Refuses a purpose, kind or number of schedules that this station does not support; undefined when the profile can be read. */
export function refuseShape(wire: Fields): Refusal | undefined {
  if (!(String(wire.chargingProfilePurpose) in PURPOSES) || wire.chargingProfileKind === 'Dynamic') return 'InvalidProfile';
  return listOf(wire.chargingSchedule).length === 1 ? undefined : 'InvalidSchedule'; // K01.FR.34: more only for ISO 15118
}

/** Reads a ChargingProfileType of OCPP 2.x that its schema has checked. */
export function readProfile(evseId: number, wire: Fields): InstalledProfile {
  const kind = wire.chargingProfileKind;
  const recurrency = wire.recurrencyKind;
  return compact({
    evseId,
    id: numberOf(wire.id) ?? 0,
    stackLevel: numberOf(wire.stackLevel) ?? 0,
    purpose: PURPOSES[String(wire.chargingProfilePurpose)] ?? 'external',
    transactionId: textOf(wire.transactionId),
    kind: kind === 'Relative' || kind === 'Recurring' ? kind : 'Absolute',
    recurrency: recurrency === 'Daily' || recurrency === 'Weekly' ? recurrency : undefined,
    validFrom: parseTime(wire.validFrom),
    validTo: parseTime(wire.validTo),
    source: 'CSO',
    schedule: readSchedule(fieldsOf(listOf(wire.chargingSchedule)[0])),
    wire,
  });
}

/** Writes a profile for ReportChargingProfiles. */
export function writeProfile(profile: InstalledProfile): object {
  if (profile.source === 'CSO') return profile.wire;
  const { id, stackLevel } = profile;
  return {
    id,
    stackLevel,
    chargingProfilePurpose: 'ChargingStationExternalConstraints',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [writeLocalSchedule(profile)],
  };
}

/** Writes the schedule of a local limit. */
export function writeLocalSchedule({ schedule }: InstalledProfile): object {
  const periods = schedule.periods.map(({ start, limit }) => ({ startPeriod: start, limit }));
  return { id: 1, startSchedule: printTime((schedule.start ?? 0) * 1000), chargingRateUnit: schedule.unit, chargingSchedulePeriod: periods };
}
