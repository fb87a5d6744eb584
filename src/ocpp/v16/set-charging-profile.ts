import type { SetChargingProfileRequest, SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { toOcpp16 } from '../../domain/profile/write-ocpp.ts';
import { ok } from '../../domain/result.ts';
import { ask, type SetRequest } from '../dialect.ts';
import type { StationAnswer } from '../station.ts';
import { txProfile } from '../tx-profile.ts';

/**
 * A TxProfile for the running transaction (OCPP 1.6 §5.16). The transaction is always named: several stations refuse a profile without.
 * `numberPhases` only where watts meet a single-phase connector: a station would else divide them by three.
 */
export const setChargingProfile = ask<SetRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: (request, ways) => {
    const profile = txProfile(request, ways, ['W']);
    const written = profile.ok ? toOcpp16(profile.value) : profile;
    return written.ok ? ok({ connectorId: request.evse.evseId, csChargingProfiles: written.value } satisfies SetChargingProfileRequest) : written;
  },
  read: readStatus,
});

export function readStatus({ status }: SetChargingProfileResponse): StationAnswer {
  if (status === 'Accepted') return { is: 'ACCEPTED' };
  return status === 'NotSupported' ? { is: 'REJECTED', because: status, lacksSmartCharging: true } : { is: 'REJECTED', because: status };
}
