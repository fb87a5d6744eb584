import { endpoint, nothing } from '../endpoint.ts';
import { ConnectorPatch } from './connector.ts';
import { EvsePatch } from './evse.ts';
import { LocationPatch } from './location.ts';

/** A CPO tells a Receiver what changed in a location (OCPI 2.2.1 §8.2.2.3). */
export const patchLocation = endpoint({
  name: 'patch-location',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'PATCH',
  path: '{country_code}/{party_id}/{location_id}',
  query: nothing,
  body: LocationPatch,
  answer: nothing,
  result: nothing,
  spec: 'mod_locations_patch_method',
});

/** A CPO tells a Receiver what changed in an EVSE, most often its status (OCPI 2.2.1 §8.2.2.3). */
export const patchEvse = endpoint({
  name: 'patch-evse',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'PATCH',
  path: '{country_code}/{party_id}/{location_id}/{evse_uid}',
  query: nothing,
  body: EvsePatch,
  answer: nothing,
  result: nothing,
  spec: 'mod_locations_patch_method',
});

/** A CPO tells a Receiver what changed in a connector (OCPI 2.2.1 §8.2.2.3). */
export const patchConnector = endpoint({
  name: 'patch-connector',
  module: 'locations',
  interface: 'RECEIVER',
  method: 'PATCH',
  path: '{country_code}/{party_id}/{location_id}/{evse_uid}/{connector_id}',
  query: nothing,
  body: ConnectorPatch,
  answer: nothing,
  result: nothing,
  spec: 'mod_locations_patch_method',
});
