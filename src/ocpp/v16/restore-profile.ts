import type { SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { ok } from '../../domain/result.ts';
import { type RestoreRequest, requestMapping } from '../dialect.ts';
import { readStatus } from './set-charging-profile.ts';

/** Sets a profile of the CSMS again, with the payload that the CSMS sent (OCPP 1.6 §5.16). */
export const restoreProfile = requestMapping<RestoreRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: ({ payload }) => ok(payload),
  read: readStatus,
});
