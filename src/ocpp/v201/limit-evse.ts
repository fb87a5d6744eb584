import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { toOcpp201 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { type LimitRequest, requestMapping } from '../dialect.ts';
import { limitEvseId, limitProfile } from '../limit-profile.ts';
import { readStatus } from './set-charging-profile.ts';

/** Sets a ChargingStationMaxProfile for the station, or a TxDefaultProfile at an EVSE (OCPP 2.0.1 K01). */
export const limitEvse = requestMapping<LimitRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, context) => {
    const profile = limitProfile(request, context, ['W', 'A']);
    const written = profile.ok ? toOcpp201(profile.value) : profile;
    return written.ok ? ok({ evseId: limitEvseId(request), chargingProfile: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});
