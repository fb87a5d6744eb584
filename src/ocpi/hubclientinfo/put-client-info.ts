import { endpoint, nothing } from '../endpoint.ts';
import { ClientInfo } from './client-info.ts';

/** A hub tells of a party behind it, or that it is connected now, or no more; none is ever deleted (OCPI 2.2.1 §15.2.1.2, HCI-05). */
export const putClientInfo = endpoint({
  name: 'put-client-info',
  module: 'hubclientinfo',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}',
  query: nothing,
  body: ClientInfo,
  answer: nothing,
  result: nothing,
  spec: 'mod_hub_client_info_put_method',
});
