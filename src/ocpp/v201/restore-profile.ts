import type { SetChargingProfileResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { ok } from '../../domain/result.ts';
import { type RestoreRequest, requestMapping } from '../dialect.ts';
import { readStatus } from './set-charging-profile.ts';

/** Sets a profile of the CSMS again, with the payload that the CSMS sent (OCPP 2.0.1 K01). */
export const restoreProfile = requestMapping<RestoreRequest, SetChargingProfileResponse>({
  action: 'SetChargingProfile',
  compose: ({ payload }) => ok(payload),
  read: readStatus,
});
