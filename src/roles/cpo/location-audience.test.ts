import { expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { buildLocation, type LocationDescription } from './build-location.ts';
import { audienceOf, type LocationAudience } from './location-audience.ts';

const described = {
  country_code: 'NL',
  party_id: 'EVK',
  id: 'LOC1',
  publish: true,
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
};
type Case = readonly [what: string, location: WireLocation, audience: LocationAudience];
const built = (more: Partial<LocationDescription>, without: readonly (keyof typeof described)[] = []) => {
  const site: LocationDescription = { ...described, ...more };
  for (const field of without) delete site[field as 'address'];
  return buildLocation(site, [], { before: undefined, now: epochMillis(0) });
};

test.each<Case>([
  ['a described location', built({}), 'ALL'],
  ['a private one (LOC-02)', built({ publish: false }), 'CONTRACTS'],
  ['a private one that names tokens', { ...built({ publish: false }), publish_allowed_to: [{ group_id: 'G' }] }, 'ALL'],
  ['one that names no token', { ...built({ publish: false }), publish_allowed_to: [] }, 'CONTRACTS'],
  ...(['address', 'city', 'country', 'coordinates', 'time_zone'] as const).map(
    (field) => [`one without ${field} (F-40)`, built({}, [field]), 'NOBODY'] as const,
  ),
] as const)('LOC-09: who is told of %s', (_, location, audience) => {
  expect(audienceOf(location)).toBe(audience);
});
