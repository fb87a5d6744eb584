import { endpoint, nothing } from '../endpoint.ts';
import { ChargingPreferences, ChargingPreferencesResponse } from './charging-preferences.ts';

/**
 * Whoever heard a driver's preferences passes them on to the SCSP that steers the session: OCPI has no message for that, so
 * this one is of our own, made like the one that it passes on (SES-57). HTTP 404 with 2001 says that the session is unknown; any
 * other 404, or a 405, that the platform does not know this message.
 */
export const forwardChargingPreferences = endpoint({
  name: 'pass-charging-preferences',
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
