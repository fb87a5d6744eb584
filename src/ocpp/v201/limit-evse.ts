import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { toOcpp201 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { ask, type LimitRequest } from '../dialect.ts';
import { limitProfile, seatOf } from '../limit-profile.ts';
import { readStatus } from './set-charging-profile.ts';

/** A ChargingStationMaxProfile for the station, or a TxDefaultProfile at an EVSE (OCPP 2.0.1 K01). */
export const limitEvse = ask<LimitRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, ways) => {
    const profile = limitProfile(request, ways, ['W', 'A']);
    const written = profile.ok ? toOcpp201(profile.value) : profile;
    return written.ok ? ok({ evseId: seatOf(request), chargingProfile: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});
