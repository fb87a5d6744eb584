import { endpoint, nothing } from '../endpoint.ts';

/** A registered platform ends the connection (OCPI 2.2.1 §7.2.4). */
export const deleteCredentials = endpoint({
  name: 'delete-credentials',
  module: 'credentials',
  interface: 'SENDER',
  method: 'DELETE',
  path: '',
  query: nothing,
  body: nothing,
  answer: nothing,
  result: nothing,
  spec: 'credentials_delete_method',
});
