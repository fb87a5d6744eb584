import { Type } from 'typebox';
import { endpoint, nothing, resultOf } from '../endpoint.ts';
import { EXACT } from '../patience/schema.ts';
import { HttpUrl } from '../scalars.ts';
import { ChargingProfile, ChargingProfileResponse, ChargingProfileResult } from './charging-profile.ts';

/** A Sender creates or replaces the charging profile of an ongoing session (OCPI 2.2.1 §14.4.1.2). */
export const setChargingProfile = endpoint({
  name: 'set-charging-profile',
  module: 'chargingprofiles',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{session_id}',
  query: nothing,
  body: Type.Object({ charging_profile: ChargingProfile, response_url: HttpUrl }, EXACT),
  answer: ChargingProfileResponse,
  result: ChargingProfileResult,
  spec: 'mod_charging_profiles_cpo_put_method',
});

/** The result of the SET, posted to `response_url` (OCPI 2.2.1 §14.4.2.1). */
export const setChargingProfileResult = resultOf(setChargingProfile);
