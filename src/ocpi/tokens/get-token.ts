import { endpoint, nothing } from '../endpoint.ts';
import { Token, TokenQuery } from './token.ts';

/** An eMSP reads back what the Receiver holds of a token (OCPI 2.2.1 §12.2.1.1). */
export const getToken = endpoint({
  name: 'get-token',
  module: 'tokens',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{country_code}/{party_id}/{token_uid}',
  query: TokenQuery,
  body: nothing,
  answer: Token,
  result: nothing,
  spec: 'mod_tokens_cpo_get_method',
});
