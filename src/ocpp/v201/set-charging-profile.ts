import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { toOcpp201 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { ask, type SetRequest } from '../dialect.ts';
import type { StationAnswer } from '../station.ts';
import { txProfile } from '../tx-profile.ts';
import { becauseOf } from './status-info.ts';

/**
 * A TxProfile for the running transaction (OCPP 2.0.1 K01). One schedule (FR.34); `startSchedule` if and only if absolute (FR.40, FR.41);
 * one phase is named on single-phase EVSEs, and none on DC, where three would be assumed (FR.49).
 */
export const setChargingProfile = ask<SetRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, ways) => {
    const profile = txProfile(request, ways, ['W', 'A']);
    const written = profile.ok ? toOcpp201(profile.value) : profile;
    return written.ok ? ok({ evseId: request.evse.evseId, chargingProfile: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});

export function readStatus({ status, statusInfo }: SetChargingProfileResponse): StationAnswer {
  return status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'REJECTED', because: becauseOf(status, statusInfo) };
}
