import { endpoint, nothing } from '../endpoint.ts';
import { ChargingPreferences, ChargingPreferencesResponse } from './charging-preferences.ts';

/** An eMSP tells a CPO how its driver wants an ongoing session to charge; the suffix is part of the path (OCPI 2.2.1 §9.2.1.2). */
export const setChargingPreferences = endpoint({
  name: 'set-charging-preferences',
  module: 'sessions',
  interface: 'SENDER',
  method: 'PUT',
  path: '{session_id}/charging_preferences',
  query: nothing,
  body: ChargingPreferences,
  answer: ChargingPreferencesResponse,
  result: nothing,
  spec: 'mod_sessions_cpo_put_method',
});
