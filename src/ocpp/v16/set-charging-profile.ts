import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { toOcpp16 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { requestMapping, type SetRequest } from '../dialect.ts';
import type { StationAnswer } from '../station.ts';
import { txProfile } from '../tx-profile.ts';

/**
 * Sets a TxProfile for the running transaction (OCPP 1.6 §5.16). The transaction id is always present, because several stations refuse
 * a profile without it. `numberPhases` is written only for W on a single-phase EVSE; a station would otherwise divide the power by three.
 */
export const setChargingProfile = requestMapping<SetRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, context) => {
    const profile = txProfile(request, context, ['W']);
    const written = profile.ok ? toOcpp16(profile.value) : profile;
    return written.ok ? ok({ connectorId: request.evse.evseId, csChargingProfiles: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});

/** Reads the status of SetChargingProfile; NotSupported means that the station has no smart charging. */
export function readStatus({ status }: SetChargingProfileResponse): StationAnswer {
  if (status === 'Accepted') return { is: 'ACCEPTED' };
  return status === 'NotSupported' ? { is: 'REJECTED', because: status, lacksSmartCharging: true } : { is: 'REJECTED', because: status };
}
