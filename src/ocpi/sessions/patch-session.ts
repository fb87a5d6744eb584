import { endpoint, nothing } from '../endpoint.ts';
import { SessionPatch } from './session.ts';

/** A CPO tells a Receiver what changed in a session; charging periods are added to those it has (OCPI 2.2.1 §9.2.2.3). */
export const patchSession = endpoint({
  name: 'patch-session',
  module: 'sessions',
  interface: 'RECEIVER',
  method: 'PATCH',
  path: '{country_code}/{party_id}/{session_id}',
  query: nothing,
  body: SessionPatch,
  answer: nothing,
  result: nothing,
  spec: 'mod_sessions_patch_method',
});
