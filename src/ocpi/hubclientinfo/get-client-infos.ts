import { Type } from 'typebox';
import { endpoint, nothing } from '../endpoint.ts';
import { PageQuery } from '../paging.ts';
import { ClientInfo } from './client-info.ts';

/** A connected party asks a hub who is behind it, page by page (OCPI 2.2.1 §15.2.2.1). */
export const getClientInfos = endpoint({
  name: 'get-client-infos',
  module: 'hubclientinfo',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: PageQuery,
  body: nothing,
  answer: { '2.2.1': Type.Array(ClientInfo['2.2.1']), '2.3.0': Type.Array(ClientInfo['2.3.0']) },
  result: nothing,
  spec: 'mod_hub_client_info_get_clientinfo_list',
});
