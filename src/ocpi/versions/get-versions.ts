import { Type } from 'typebox';
import { endpoint, nothing } from '../endpoint.ts';
import { Version } from './version.ts';

/** A platform asks which editions another one speaks; the same address for all of them (OCPI 2.2.1 §6.1). */
export const getVersions = endpoint({
  name: 'get-versions',
  module: 'versions',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: nothing,
  body: nothing,
  answer: Type.Array(Version),
  result: nothing,
  spec: 'version_information_endpoint_version_information_endpoint',
});
