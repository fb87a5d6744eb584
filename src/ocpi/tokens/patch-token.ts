import { endpoint, nothing } from '../endpoint.ts';
import { TokenPatch, TokenQuery } from './token.ts';

/** An eMSP tells a Receiver what changed in a token (OCPI 2.2.1 §12.2.1.3). */
export const patchToken = endpoint({
  name: 'patch-token',
  module: 'tokens',
  interface: 'RECEIVER',
  method: 'PATCH',
  path: '{country_code}/{party_id}/{token_uid}',
  query: TokenQuery,
  body: TokenPatch,
  answer: nothing,
  result: nothing,
  spec: 'mod_tokens_patch_method',
});
