import { endpoint, nothing } from '../endpoint.ts';
import { Credentials } from './credentials.ts';

/** A registered platform reads the credentials that it uses here (OCPI 2.2.1 §7.2.1). */
export const getCredentials = endpoint({
  name: 'get-credentials',
  module: 'credentials',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: nothing,
  body: nothing,
  answer: Credentials,
  result: nothing,
  spec: 'credentials_get_method',
});
