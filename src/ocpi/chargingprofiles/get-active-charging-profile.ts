import { Type } from 'typebox';
import { endpoint, nothing, resultOf } from '../endpoint.ts';
import { HttpUrl } from '../scalars.ts';
import { ActiveChargingProfileResult, ChargingProfileResponse, longestSpan } from './charging-profile.ts';

/** A Sender asks what an EVSE will stay below in the next `duration` seconds (OCPI 2.2.1 §14.4.1.1). */
export const getActiveChargingProfile = endpoint({
  name: 'get-active-charging-profile',
  module: 'chargingprofiles',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{session_id}',
  query: Type.Object({ duration: Type.Integer({ minimum: 1, maximum: longestSpan }), response_url: HttpUrl }),
  body: nothing,
  answer: ChargingProfileResponse,
  result: ActiveChargingProfileResult,
  spec: 'mod_charging_profiles_cpo_get_method',
});

/** What the EVSE said, posted to `response_url` (OCPI 2.2.1 §14.4.2.1). */
export const getActiveChargingProfileResult = resultOf(getActiveChargingProfile);
