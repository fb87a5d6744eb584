import type { ClearChargingProfileRequest, ClearChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { ok } from '../../domain/result.ts';
import { ask, type Call, type ClearRequest, type Ways } from '../dialect.ts';
import { stackLevelOf } from '../tx-profile.ts';

/** Clears one profile by its id (OCPP 2.0.1 K10.FR.02). */
export const clearChargingProfile = ask<ClearRequest, ClearChargingProfileResponse>({
  action: 'ClearChargingProfile',
  compose: ({ profileId }) => ok({ chargingProfileId: profileId } satisfies ClearChargingProfileRequest),
  read: ({ status }) => (status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'UNKNOWN' }),
});

/** Clears our level of the transaction profiles of one EVSE: nothing but ours can be there. */
export function clearByCriteria({ evse }: ClearRequest, ways: Ways): Call {
  const chargingProfileCriteria = { evseId: evse.evseId, chargingProfilePurpose: 'TxProfile', stackLevel: stackLevelOf(ways) } as const;
  return { action: 'ClearChargingProfile', payload: { chargingProfileCriteria } satisfies ClearChargingProfileRequest };
}
