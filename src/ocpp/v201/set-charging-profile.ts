import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { ok } from '../../domain/result.ts';
import { ask, type SetRequest } from '../dialect.ts';
import { becauseOf } from '../status-info.ts';
import { stackLevelOf, toWireSchedule } from '../wire-schedule.ts';

/**
 * A TxProfile for the running transaction (OCPP 2.0.1 K01). One schedule (FR.34); `startSchedule` if and only if absolute (FR.40, FR.41);
 * one phase is named on single-phase EVSEs, and none on DC, where three would be assumed (FR.49).
 */
export const setChargingProfile = ask<SetRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: ({ evse, transactionId, profileId, profile }, ways) => {
    const schedule = toWireSchedule({ profile, evse, profileId }, ways.abilities);
    if (!schedule.ok) return schedule;
    const { unit, periods, start, ...rest } = schedule.value;
    const phases = evse.powerType === 'AC_1_PHASE' ? { numberPhases: 1 } : {};
    return ok({
      evseId: evse.evseId,
      chargingProfile: {
        id: profileId,
        transactionId,
        stackLevel: stackLevelOf(ways),
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: start === undefined ? 'Relative' : 'Absolute',
        chargingSchedule: [
          {
            id: 1,
            ...rest,
            ...(start === undefined ? {} : { startSchedule: start }),
            chargingRateUnit: unit,
            chargingSchedulePeriod: periods.map((it) => ({ ...it, ...phases })),
          },
        ],
      },
    } satisfies SetChargingProfileRequest);
  },
  read: ({ status, statusInfo }) => (status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'REJECTED', because: becauseOf(status, statusInfo) }),
});
