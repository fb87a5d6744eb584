import type { ClearChargingProfileRequest, ClearChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { ok } from '../../domain/result.ts';
import { type Call, type ClearRequest, requestMapping, type WriteContext } from '../dialect.ts';
import { stackLevelOf } from '../tx-profile.ts';

/** Clears one profile by its id (OCPP 1.6 §5.5). The id is always present, because a request without fields clears all profiles (errata 3.25). */
export const clearChargingProfile = requestMapping<ClearRequest, ClearChargingProfileResponse>({
  action: 'ClearChargingProfile',
  compose: ({ profileId, place }) => ok({ id: place?.id ?? profileId } satisfies ClearChargingProfileRequest),
  read: ({ status }) => (status === 'Accepted' ? { is: 'ACCEPTED' } : { is: 'UNKNOWN' }),
});

/** Clears the TxProfile at the node's stack level of one connector; only the node's profile can be there. */
export function clearByCriteria(request: ClearRequest, context: WriteContext): Call {
  const payload: ClearChargingProfileRequest = {
    connectorId: request.evse.evseId,
    chargingProfilePurpose: 'TxProfile',
    stackLevel: stackLevelOf(context, request),
  };
  return { action: 'ClearChargingProfile', payload };
}
