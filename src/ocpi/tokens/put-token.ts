import { endpoint, nothing } from '../endpoint.ts';
import { Token, TokenQuery } from './token.ts';

/** An eMSP creates or replaces a token at a Receiver (OCPI 2.2.1 §12.2.1.2). */
export const putToken = endpoint({
  name: 'put-token',
  module: 'tokens',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}/{token_uid}',
  query: TokenQuery,
  body: Token,
  answer: nothing,
  result: nothing,
  spec: 'mod_tokens_put_method',
});
