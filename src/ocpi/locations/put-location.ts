import { endpoint, nothing } from '../endpoint.ts';
import { Connector } from './connector.ts';
import { Evse } from './evse.ts';
import { Location } from './location.ts';

/** A CPO tells a Receiver of a new location, or replaces what it holds of one (OCPI 2.2.1 §8.2.2.2). */
export const putLocation = endpoint({
  name: 'put-location',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}/{location_id}',
  query: nothing,
  body: Location,
  answer: nothing,
  result: nothing,
  spec: 'mod_locations_put_method',
});

/** A CPO tells a Receiver of a new EVSE of a location, or replaces what it holds of one (OCPI 2.2.1 §8.2.2.2). */
export const putEvse = endpoint({
  name: 'put-evse',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}/{location_id}/{evse_uid}',
  query: nothing,
  body: Evse,
  answer: nothing,
  result: nothing,
  spec: 'mod_locations_put_method',
});

/** A CPO tells a Receiver of a new connector of an EVSE, or replaces what it holds of one (OCPI 2.2.1 §8.2.2.2). */
export const putConnector = endpoint({
  name: 'put-connector',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'PUT',
  path: '{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}',
  query: nothing,
  body: Connector,
  answer: nothing,
  result: nothing,
  spec: 'mod_locations_put_method',
});
