import { endpoint, nothing } from '../endpoint.ts';
import { VersionDetail } from './version.ts';

/** A platform asks which modules another one offers in one edition, and where they are (OCPI 2.2.1 §6.2). */
export const getVersionDetails = endpoint({
  name: 'get-version-details',
  module: 'versions',
  interface: 'SENDER',
  method: 'GET',
  path: '',
  query: nothing,
  body: nothing,
  answer: VersionDetail,
  result: nothing,
  spec: 'version_information_endpoint_version_details_endpoint',
});
