import { endpoint, nothing } from '../endpoint.ts';
import { Session } from './session.ts';

/** A CPO reads back what the Receiver holds of a session (OCPI 2.2.1 §9.2.2.1). */
export const getSession = endpoint({
  name: 'get-session',
  module: 'sessions',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{country_code}/{party_id}/{session_id}',
  query: nothing,
  body: nothing,
  answer: Session,
  result: nothing,
  spec: 'mod_sessions_msp_get_method',
});
