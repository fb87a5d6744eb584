import { compact, type Fields, fieldsOf, listOf, momentOf, numberOf, stamp, textOf } from './dialect.ts';
import type { InstalledProfile, InstalledPurpose, Refusal } from './profiles.ts';
import { scheduleOf } from './v16-profile.ts';

/** OCPP 2.1's PriorityCharging and LocalGeneration are not in it: this station refuses them, as it may. */
export const PURPOSES: Readonly<Record<string, InstalledPurpose>> = {
  ChargingStationMaxProfile: 'max',
  ChargingStationExternalConstraints: 'external',
  TxDefaultProfile: 'tx-default',
  TxProfile: 'tx',
};

/** What this station refuses before it looks at the profile itself. */
export function refuseShape(wire: Fields): Refusal | undefined {
  if (!(String(wire.chargingProfilePurpose) in PURPOSES) || wire.chargingProfileKind === 'Dynamic') return 'InvalidProfile';
  return listOf(wire.chargingSchedule).length === 1 ? undefined : 'InvalidSchedule'; // K01.FR.34: more only for ISO 15118
}

/** A ChargingProfileType of OCPP 2.x (its schema has vouched for it) as a station keeps it. */
export function profileOf(evseId: number, wire: Fields): InstalledProfile {
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
    validFrom: momentOf(wire.validFrom),
    validTo: momentOf(wire.validTo),
    source: 'CSO',
    schedule: scheduleOf(fieldsOf(listOf(wire.chargingSchedule)[0])),
    wire,
  });
}

/** A profile as a report shows it; a local limit has no wire form of its own. */
export function wireOf(profile: InstalledProfile): object {
  if (profile.source === 'CSO') return profile.wire;
  const { id, stackLevel } = profile;
  return {
    id,
    stackLevel,
    chargingProfilePurpose: 'ChargingStationExternalConstraints',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [localScheduleOf(profile)],
  };
}

/** The schedule of a limit that was set locally. */
export function localScheduleOf({ schedule }: InstalledProfile): object {
  const periods = schedule.periods.map(({ start, limit }) => ({ startPeriod: start, limit }));
  return { id: 1, startSchedule: stamp((schedule.start ?? 0) * 1000), chargingRateUnit: schedule.unit, chargingSchedulePeriod: periods };
}
