import { endpoint, nothing } from '../endpoint.ts';
import { ConnectorPatch } from './connector.ts';
import { EvsePatch } from './evse.ts';
import { LocationPatch } from './location.ts';

/** A CPO pushes the changed fields of a location to a Receiver (OCPI 2.2.1 §8.2.2.3). */
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

/** A CPO pushes the changed fields of an EVSE to a Receiver, most often its status (OCPI 2.2.1 §8.2.2.3). */
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

/** A CPO pushes the changed fields of a connector to a Receiver (OCPI 2.2.1 §8.2.2.3). */
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
