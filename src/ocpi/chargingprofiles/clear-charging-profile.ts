import { Type } from 'typebox';
import { endpoint, nothing, resultOf } from '../endpoint.ts';
import { EXACT } from '../patience/schema.ts';
import { HttpUrl } from '../scalars.ts';
import { ChargingProfileResponse, ClearProfileResult } from './charging-profile.ts';

/** A Sender clears the charging profile of an ongoing session (OCPI 2.2.1 §14.4.1.4). */
export const clearChargingProfile = endpoint({
  name: 'clear-charging-profile',
  module: 'chargingprofiles',
  interface: 'RECEIVER',
  method: 'DELETE',
  path: '{session_id}',
  query: Type.Object({ response_url: HttpUrl }, EXACT),
  body: nothing,
  answer: ChargingProfileResponse,
  result: ClearProfileResult,
  spec: 'mod_charging_profiles_cpo_delete_method',
});

/** The result of the CLEAR, posted to `response_url` (OCPI 2.2.1 §14.4.2.1). */
export const clearChargingProfileResult = resultOf(clearChargingProfile);
