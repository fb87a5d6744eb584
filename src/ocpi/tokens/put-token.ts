import { endpoint, nothing } from '../endpoint.ts';
import { Token, TokenQuery } from './token.ts';

/** An eMSP tells a Receiver of a new token, or replaces what it holds of one (OCPI 2.2.1 §12.2.1.2). */
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
