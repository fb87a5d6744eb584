import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { toOcpp16 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { type LimitRequest, requestMapping } from '../dialect.ts';
import { limitEvseId, limitProfile } from '../limit-profile.ts';
import { readStatus } from './set-charging-profile.ts';

/** Sets a ChargePointMaxProfile at connector 0, or a TxDefaultProfile at a connector (OCPP 1.6 §3.13.1). */
export const limitEvse = requestMapping<LimitRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, context) => {
    const profile = limitProfile(request, context, ['W']);
    const written = profile.ok ? toOcpp16(profile.value) : profile;
    return written.ok ? ok({ connectorId: limitEvseId(request), csChargingProfiles: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});
