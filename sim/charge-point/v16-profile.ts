import { seconds } from '../../src/domain/units.ts';
import { compact, type Fields, fieldsOf, listOf, numberOf, parseTime } from './dialect.ts';
import type { InstalledProfile, InstalledPurpose } from './profiles.ts';

/** The purposes of OCPP 1.6 by name. */
export const PURPOSES: Readonly<Record<string, InstalledPurpose>> = { ChargePointMaxProfile: 'max', TxDefaultProfile: 'tx-default', TxProfile: 'tx' };

/** Reads a csChargingProfiles of OCPP 1.6 that its schema has checked. */
export function readProfile(connectorId: number, wire: Fields): InstalledProfile {
  const schedule = fieldsOf(wire.chargingSchedule);
  const kind = wire.chargingProfileKind;
  const recurrency = wire.recurrencyKind;
  const transactionId = numberOf(wire.transactionId);
  return compact({
    evseId: connectorId,
    id: numberOf(wire.chargingProfileId) ?? 0,
    stackLevel: numberOf(wire.stackLevel) ?? 0,
    purpose: PURPOSES[String(wire.chargingProfilePurpose)] ?? 'external',
    transactionId: transactionId === undefined ? undefined : String(transactionId),
    kind: kind === 'Relative' || kind === 'Recurring' ? kind : 'Absolute',
    recurrency: recurrency === 'Daily' || recurrency === 'Weekly' ? recurrency : undefined,
    validFrom: parseTime(wire.validFrom),
    validTo: parseTime(wire.validTo),
    source: 'CSO',
    schedule: readSchedule(schedule),
    wire,
  });
}

/** Reads a chargingSchedule of any version. */
export function readSchedule(wire: Fields): InstalledProfile['schedule'] {
  const duration = numberOf(wire.duration);
  return compact({
    unit: wire.chargingRateUnit === 'W' ? 'W' : 'A',
    start: parseTime(wire.startSchedule),
    duration: duration === undefined ? undefined : seconds(duration),
    periods: listOf(wire.chargingSchedulePeriod).map((period) =>
      compact({
        start: seconds(numberOf(period.startPeriod) ?? 0),
        limit: numberOf(period.limit) ?? Number.MAX_SAFE_INTEGER, // absent in OCPP 2.1: no limit
        phases: numberOf(period.numberPhases),
        phaseToUse: numberOf(period.phaseToUse),
      }),
    ),
  });
}
