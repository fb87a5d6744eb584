import { endpoint, nothing } from '../endpoint.ts';
import { ClientInfo } from './client-info.ts';

/** A hub reads back what a connected party holds of another one (OCPI 2.2.1 §15.2.1.1). */
export const getClientInfo = endpoint({
  name: 'get-client-info',
  module: 'hubclientinfo',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{country_code}/{party_id}',
  query: nothing,
  body: nothing,
  answer: ClientInfo,
  result: nothing,
  spec: 'mod_hub_client_info_get_method',
});
