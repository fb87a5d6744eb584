import { endpoint, nothing } from '../endpoint.ts';
import { ActiveChargingProfile } from './charging-profile.ts';

/** A Receiver tells a Sender whose profile it carries that the active profile changed (OCPI 2.2.1 §14.4.2.4). */
export const pushActiveChargingProfile = endpoint({
  name: 'push-active-charging-profile',
  module: 'chargingprofiles',
  interface: 'SENDER',
  method: 'PUT',
  path: '{session_id}',
  query: nothing,
  body: ActiveChargingProfile,
  answer: nothing,
  result: nothing,
  spec: 'mod_charging_profiles_msp_put_method',
});
