import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { toOcpp201 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { requestMapping, type SetRequest } from '../dialect.ts';
import type { StationAnswer } from '../station.ts';
import { txProfile } from '../tx-profile.ts';
import { statusText } from './status-info.ts';

/**
 * Sets a TxProfile for the running transaction (OCPP 2.0.1 K01): one schedule (FR.34), `startSchedule` if and only if the profile is
 * Absolute (FR.40, FR.41), and `numberPhases: 1` only on a single-phase EVSE, because stations assume three phases otherwise (FR.49).
 */
export const setChargingProfile = requestMapping<SetRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, context) => {
    const profile = txProfile(request, context, ['W', 'A']);
    const written = profile.ok ? toOcpp201(profile.value) : profile;
    return written.ok ? ok({ evseId: request.evse.evseId, chargingProfile: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});

/** Reads the status of SetChargingProfile. */
export function readStatus({ status, statusInfo }: SetChargingProfileResponse): StationAnswer {
  return status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'REJECTED', because: statusText(status, statusInfo) };
}
