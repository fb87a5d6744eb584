import { seconds } from '../../src/domain/units.ts';
import { compact, type Fields, fieldsOf, listOf, momentOf, numberOf } from './dialect.ts';
import type { InstalledProfile, InstalledPurpose } from './profiles.ts';

export const PURPOSES: Readonly<Record<string, InstalledPurpose>> = { ChargePointMaxProfile: 'max', TxDefaultProfile: 'tx-default', TxProfile: 'tx' };

/** A csChargingProfiles of OCPP 1.6 (its schema has vouched for it) as a station keeps it. */
export function profileOf(connectorId: number, wire: Fields): InstalledProfile {
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
    validFrom: momentOf(wire.validFrom),
    validTo: momentOf(wire.validTo),
    source: 'CSO',
    schedule: scheduleOf(schedule),
    wire,
  });
}

/** A chargingSchedule of any version as a station keeps it. */
export function scheduleOf(wire: Fields): InstalledProfile['schedule'] {
  const duration = numberOf(wire.duration);
  return compact({
    unit: wire.chargingRateUnit === 'W' ? 'W' : 'A',
    start: momentOf(wire.startSchedule),
    duration: duration === undefined ? undefined : seconds(duration),
    periods: listOf(wire.chargingSchedulePeriod).map((period) =>
      compact({
        start: seconds(numberOf(period.startPeriod) ?? 0),
        limit: numberOf(period.limit) ?? Number.MAX_SAFE_INTEGER, // OCPP 2.1 leaves it out where nothing limits
        phases: numberOf(period.numberPhases),
        phaseToUse: numberOf(period.phaseToUse),
      }),
    ),
  });
}
