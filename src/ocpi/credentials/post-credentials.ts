import { endpoint, nothing } from '../endpoint.ts';
import { Credentials } from './credentials.ts';

/** A platform registers: it gives its credentials and gets ours (OCPI 2.2.1 §7.2.2). */
export const postCredentials = endpoint({
  name: 'post-credentials',
  module: 'credentials',
  interface: 'SENDER',
  method: 'POST',
  path: '',
  query: nothing,
  body: Credentials,
  answer: Credentials,
  result: nothing,
  spec: 'credentials_post_method',
});
