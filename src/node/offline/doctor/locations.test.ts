import { expect, test } from 'vitest';
import { parseConfig } from '../../config/config-file.ts';
import { checkLocations } from './locations.ts';

const point = (id: string, location: string) =>
  `  - { id: ${id}, password: 0123456789abcdef, location_id: ${location}, evses: [{ uid: ${id}-1, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }`;
function examined(locations: readonly string[], described: string) {
  const text = `public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1 }
charge_points:
${locations.map((location, n) => point(`CP${n}`, location)).join('\n')}
${described}`;
  const config = parseConfig(text);
  return config.ok ? checkLocations(config.value) : config.problem;
}
const LOC1 = `locations:
  - { id: loc1, address: a, city: c, country: NLD, coordinates: { latitude: "52.37403", longitude: "4.88969" }, time_zone: Europe/Amsterdam }`;

test('TRN-45: a location that charge points name and nobody described is no failure, but what to add is said, once for each', () => {
  const [finding, ...others] = examined(['LOC1', 'LOC2', 'LOC2'], LOC1);
  expect([finding, others]).toEqual([
    {
      check: 'locations',
      ok: true,
      says: 'LOC2: not described, so told to peers unpublished and without an address; add under locations: id, address, city, country, coordinates, time_zone',
    },
    [],
  ]);
});

test('of many, some are named', () => {
  expect(examined(['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'], '')).toMatchObject([
    { says: expect.stringMatching(/^A1, A2, A3, A4, A5 and 2 more: not described/) },
  ]);
});

test('all described is well', () => {
  expect(examined(['LOC1'], LOC1)).toEqual([{ check: 'locations', ok: true, says: '1 described' }]);
});
