import { endpoint, nothing } from '../endpoint.ts';
import { ChargingPreferences, ChargingPreferencesResponse } from './charging-preferences.ts';

/**
 * A CPO or eMSP forwards a driver's charging preferences to the SCSP that steers the session. OCPI defines no such message, so this
 * one is an extension with the same body and answer as the original (SES-57). HTTP 404 with 2001 means that the session is unknown;
 * any other 404, or a 405, means that the platform does not support this message.
 */
export const forwardChargingPreferences = endpoint({
  name: 'forward-charging-preferences',
  module: 'sessions',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}/{session_id}/charging_preferences',
  query: nothing,
  body: ChargingPreferences,
  answer: ChargingPreferencesResponse,
  result: nothing,
  spec: 'mod_sessions_charging_preferences_object',
});
