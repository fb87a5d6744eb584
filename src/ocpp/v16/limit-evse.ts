import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { toOcpp16 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { ask, type LimitRequest } from '../dialect.ts';
import { limitProfile, seatOf } from '../limit-profile.ts';
import { readStatus } from './set-charging-profile.ts';

/** A ChargePointMaxProfile at connector 0, or a TxDefaultProfile at a connector (OCPP 1.6 §3.13.1). */
export const limitEvse = ask<LimitRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, ways) => {
    const profile = limitProfile(request, ways, ['W']);
    const written = profile.ok ? toOcpp16(profile.value) : profile;
    return written.ok ? ok({ connectorId: seatOf(request), csChargingProfiles: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});
