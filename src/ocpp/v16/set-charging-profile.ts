import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { fail, ok } from '../../domain/result.ts';
import { ask, type SetRequest } from '../dialect.ts';
import { stackLevelOf, toWireSchedule } from '../wire-schedule.ts';

/**
 * A TxProfile for the running transaction (OCPP 1.6 §5.16). The transaction is always named: several stations refuse a profile without.
 * `numberPhases` only where watts meet a single-phase connector: a station would else divide them by three.
 */
export const setChargingProfile = ask<SetRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: ({ evse, transactionId, profileId, profile }, ways) => {
    if (!/^-?\d{1,10}$/.test(transactionId)) return fail(`transaction ${transactionId} is not a number, as OCPP 1.6 has them`);
    const schedule = toWireSchedule({ profile, evse, profileId }, ways.abilities);
    if (!schedule.ok) return schedule;
    const { unit, periods, start, ...rest } = schedule.value;
    const phases = evse.powerType === 'AC_1_PHASE' && unit === 'W' ? { numberPhases: 1 } : {};
    return ok({
      connectorId: evse.evseId,
      csChargingProfiles: {
        chargingProfileId: profileId,
        transactionId: Number(transactionId),
        stackLevel: stackLevelOf(ways),
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: start === undefined ? 'Relative' : 'Absolute',
        chargingSchedule: {
          ...rest,
          ...(start === undefined ? {} : { startSchedule: start }),
          chargingRateUnit: unit,
          chargingSchedulePeriod: periods.map((it) => ({ ...it, ...phases })),
        },
      },
    } satisfies SetChargingProfileRequest);
  },
  read: ({ status }) => {
    if (status === 'Accepted') return { is: 'ACCEPTED' };
    return status === 'NotSupported' ? { is: 'REJECTED', because: status, lacksSmartCharging: true } : { is: 'REJECTED', because: status };
  },
});
