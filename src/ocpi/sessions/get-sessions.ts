import { Type } from 'typebox';
import { endpoint, nothing } from '../endpoint.ts';
import { PageQuery } from '../paging.ts';
import { Session } from './session.ts';

/** An eMSP or SCSP pulls the sessions changed in a window of time, page by page (OCPI 2.2.1 §9.2.1.1). */
export const getSessions = endpoint({
  name: 'get-sessions',
  module: 'sessions',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: PageQuery,
  body: nothing,
  answer: { '2.2.1': Type.Array(Session['2.2.1']), '2.3.0': Type.Array(Session['2.3.0']) },
  result: nothing,
  spec: 'mod_sessions_cpo_get_method',
});
