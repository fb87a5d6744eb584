import { crawl } from '../../ocpi/crawl.ts';
import { getLocations } from '../../ocpi/locations/get-locations.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { createPulls, type Pulls } from '../peers/pulls.ts';
import type { RemoteLocations } from './remote-locations.ts';

/**
 * Pulls locations from CPOs (OCPI 2.2.1 §8.2): all of them at the start and when a push shows that a copy is stale. All our parties see
 * the same locations, so one of them pulls.
 */
export function createLocationPulls(context: Context, locations: RemoteLocations): Pulls {
  return createPulls<WireLocation>(context, {
    module: 'locations',
    item: 'location',
    pageSize: 50,
    whenStale: 'ALL',
    owners: ['CPO'],
    receivers: hostedParties(context.config, 'EMSP', 'SCSP').slice(0, 1),
    crawl: (client, how) => crawl(client, getLocations, how),
    keep: ({ peer }, location) => locations.replace(peer, location),
  });
}
