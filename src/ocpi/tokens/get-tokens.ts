import { Type } from 'typebox';
import { endpoint, nothing } from '../endpoint.ts';
import { PageQuery } from '../paging.ts';
import { Token } from './token.ts';

/** A CPO pulls the tokens changed in a window of time, page by page (OCPI 2.2.1 §12.2.2.1). */
export const getTokens = endpoint({
  name: 'get-tokens',
  module: 'tokens',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: PageQuery,
  body: nothing,
  answer: { '2.2.1': Type.Array(Token['2.2.1']), '2.3.0': Type.Array(Token['2.3.0']) },
  result: nothing,
  spec: 'mod_tokens_msp_get_method',
});
