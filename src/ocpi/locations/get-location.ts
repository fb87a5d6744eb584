import { endpoint, nothing } from '../endpoint.ts';
import { Connector } from './connector.ts';
import { Evse } from './evse.ts';
import { Location } from './location.ts';

/** An eMSP or SCSP asks a CPO for one location (OCPI 2.2.1 §8.2.1.1.3). */
export const getLocation = endpoint({
  name: 'get-location',
  module: 'locations',
  interface: 'SENDER',
  method: 'GET',
  path: '{location_id}',
  query: nothing,
  body: nothing,
  answer: Location,
  result: nothing,
  spec: 'mod_locations_get_object_request_parameters',
});

/** An eMSP or SCSP asks a CPO for one EVSE (OCPI 2.2.1 §8.2.1.1.3). */
export const getEvse = endpoint({
  name: 'get-evse',
  module: 'locations',
  interface: 'SENDER',
  method: 'GET',
  path: '{location_id}/{evse_uid}',
  query: nothing,
  body: nothing,
  answer: Evse,
  result: nothing,
  spec: 'mod_locations_get_object_request_parameters',
});

/** An eMSP or SCSP asks a CPO for one connector (OCPI 2.2.1 §8.2.1.1.3). */
export const getConnector = endpoint({
  name: 'get-connector',
  module: 'locations',
  interface: 'SENDER',
  method: 'GET',
  path: '{location_id}/{evse_uid}/{connector_id}',
  query: nothing,
  body: nothing,
  answer: Connector,
  result: nothing,
  spec: 'mod_locations_get_object_request_parameters',
});
