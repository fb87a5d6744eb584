import { endpoint, nothing, optionalBody } from '../endpoint.ts';
import { AuthorizationInfo, LocationReferences, TokenQuery } from './token.ts';

/** A CPO asks whether a token may charge at this moment, at a place if it names one; HTTP 404 with 2004 when the eMSP does not know it (OCPI 2.2.1 §12.2.2.2). */
export const authorizeToken = endpoint({
  name: 'authorize-token',
  module: 'tokens',
  interface: 'SENDER',
  method: 'POST',
  path: '{token_uid}/authorize',
  query: TokenQuery,
  body: optionalBody(LocationReferences),
  answer: AuthorizationInfo,
  result: nothing,
  spec: 'mod_tokens_post_method',
});
