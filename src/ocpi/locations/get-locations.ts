import { Type } from 'typebox';
import { endpoint, nothing } from '../endpoint.ts';
import { PageQuery } from '../paging.ts';
import { Location } from './location.ts';

/** An eMSP or SCSP pulls the locations changed in a window of time, page by page (OCPI 2.2.1 §8.2.1.1). */
export const getLocations = endpoint({
  name: 'get-locations',
  module: 'locations',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: PageQuery,
  body: nothing,
  answer: { '2.2.1': Type.Array(Location['2.2.1']), '2.3.0': Type.Array(Location['2.3.0']) },
  result: nothing,
  spec: 'mod_locations_get_list_request_parameters',
});
