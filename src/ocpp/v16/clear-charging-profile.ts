import type { ClearChargingProfileRequest, ClearChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { ok } from '../../domain/result.ts';
import { ask, type Call, type ClearRequest, type Ways } from '../dialect.ts';
import { stackLevelOf } from '../tx-profile.ts';

/** Clears one profile by its id (OCPP 1.6 §5.5). Never without a field: that would clear the station's every profile (errata 3.25). */
export const clearChargingProfile = ask<ClearRequest, ClearChargingProfileResponse>({
  action: 'ClearChargingProfile',
  compose: ({ profileId }) => ok({ id: profileId } satisfies ClearChargingProfileRequest),
  read: ({ status }) => (status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'UNKNOWN' }),
});

/** Clears our level of the transaction profiles of one connector: nothing but ours can be there. */
export function clearByCriteria({ evse }: ClearRequest, ways: Ways): Call {
  const payload: ClearChargingProfileRequest = { connectorId: evse.evseId, chargingProfilePurpose: 'TxProfile', stackLevel: stackLevelOf(ways) };
  return { action: 'ClearChargingProfile', payload };
}
