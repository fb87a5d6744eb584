import { Type } from 'typebox';
import { endpoint, nothing, resultOf } from '../endpoint.ts';
import { EXACT } from '../patience/schema.ts';
import { HttpUrl } from '../scalars.ts';
import { ActiveChargingProfileResult, ChargingProfileResponse, longestSpan } from './charging-profile.ts';

/** A Sender requests the active charging profile of an EVSE for the next `duration` seconds (OCPI 2.2.1 §14.4.1.1). */
export const getActiveChargingProfile = endpoint({
  name: 'get-active-charging-profile',
  module: 'chargingprofiles',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{session_id}',
  query: Type.Object({ duration: Type.Integer({ minimum: 1, maximum: longestSpan }), response_url: HttpUrl }, EXACT),
  body: nothing,
  answer: ChargingProfileResponse,
  result: ActiveChargingProfileResult,
  spec: 'mod_charging_profiles_cpo_get_method',
});

/** The result of the GET, posted to `response_url` (OCPI 2.2.1 §14.4.2.1). */
export const getActiveChargingProfileResult = resultOf(getActiveChargingProfile);
