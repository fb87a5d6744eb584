import { endpoint, nothing } from '../endpoint.ts';
import { Credentials } from './credentials.ts';

/** A registered platform changes its credentials, edition or endpoints, and gets a new token (OCPI 2.2.1 §7.2.3). */
export const putCredentials = endpoint({
  name: 'put-credentials',
  module: 'credentials',
  interface: 'SENDER',
  method: 'PUT',
  path: '',
  query: nothing,
  body: Credentials,
  answer: Credentials,
  result: nothing,
  spec: 'credentials_put_method',
});
