import { endpoint, nothing } from '../endpoint.ts';
import { Connector } from './connector.ts';
import { Evse } from './evse.ts';
import { Location } from './location.ts';

/** A CPO reads back what the Receiver holds of a location (OCPI 2.2.1 §8.2.2.1). */
export const readBackLocation = endpoint({
  name: 'read-back-location',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{country_code}/{party_id}/{location_id}',
  query: nothing,
  body: nothing,
  answer: Location,
  result: nothing,
  spec: 'mod_locations_get_method_eMSP',
});

/** A CPO reads back what the Receiver holds of an EVSE (OCPI 2.2.1 §8.2.2.1). */
export const readBackEvse = endpoint({
  name: 'read-back-evse',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{country_code}/{party_id}/{location_id}/{evse_uid}',
  query: nothing,
  body: nothing,
  answer: Evse,
  result: nothing,
  spec: 'mod_locations_get_method_eMSP',
});

/** A CPO reads back what the Receiver holds of a connector (OCPI 2.2.1 §8.2.2.1). */
export const readBackConnector = endpoint({
  name: 'read-back-connector',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'GET',
  path: '{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}',
  query: nothing,
  body: nothing,
  answer: Connector,
  result: nothing,
  spec: 'mod_locations_get_method_eMSP',
});
