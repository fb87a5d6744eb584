import { crawl } from '../../ocpi/crawl.ts';
import { getLocations } from '../../ocpi/locations/get-locations.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { createPulls, type Pulls } from '../peers/pulls.ts';
import type { RemoteLocations } from './remote-locations.ts';

/** Pulls locations of CPOs; all of them at the start and after a doubt, since any may have changed unheard (OCPI 2.2.1 §8.2). They are the same for all of ours, so one of them asks. */
export function createLocationPulls(context: Context, locations: RemoteLocations): Pulls {
  return createPulls<WireLocation>(context, {
    module: 'locations',
    item: 'location',
    pageSize: 50,
    whenInDoubt: 'ALL',
    tellers: ['CPO'],
    askers: hostedParties(context.config, 'EMSP', 'SCSP').slice(0, 1),
    crawl: (line, how) => crawl(line, getLocations, how),
    keep: ({ peer }, location) => locations.replace(peer, location),
  });
}
