import type { ClearChargingProfileRequest, ClearChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { ok } from '../../domain/result.ts';
import { type Call, type ClearRequest, requestMapping, type WriteContext } from '../dialect.ts';
import { stackLevelOf } from '../tx-profile.ts';

/** Clears one profile by its id (OCPP 2.0.1 K10.FR.02). */
export const clearChargingProfile = requestMapping<ClearRequest, ClearChargingProfileResponse>({
  action: 'ClearChargingProfile',
  compose: ({ profileId, place }) => ok({ chargingProfileId: place?.id ?? profileId } satisfies ClearChargingProfileRequest),
  read: ({ status }) => (status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'UNKNOWN' }),
});

/** Clears the TxProfile at the node's stack level of one EVSE; only the node's profile can be there. */
export function clearByCriteria(request: ClearRequest, context: WriteContext): Call {
  const chargingProfileCriteria = { evseId: request.evse.evseId, chargingProfilePurpose: 'TxProfile', stackLevel: stackLevelOf(context, request) } as const;
  return { action: 'ClearChargingProfile', payload: { chargingProfileCriteria } satisfies ClearChargingProfileRequest };
}
