import { endpoint, nothing } from '../endpoint.ts';
import { Session } from './session.ts';

/** A CPO tells a Receiver of a new session, or replaces what it holds of one (OCPI 2.2.1 §9.2.2.2). */
export const putSession = endpoint({
  name: 'put-session',
  module: 'sessions',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}/{session_id}',
  query: nothing,
  body: Session,
  answer: nothing,
  result: nothing,
  spec: 'mod_sessions_msp_put_method',
});
