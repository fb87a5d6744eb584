import { expect, test } from 'vitest';
import { parseConfig } from '../../config/config-file.ts';
import { checkLocations } from './locations.ts';

const chargePoint = (id: string, location: string) =>
  `  - { id: ${id}, password: 0123456789abcdef, location_id: ${location}, evses: [{ uid: ${id}-1, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }`;
function findingsOf(locations: readonly string[], described: string) {
  const text = `public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1 }
charge_points:
${locations.map((location, n) => chargePoint(`CP${n}`, location)).join('\n')}
${described}`;
  const config = parseConfig(text);
  return config.ok ? checkLocations(config.value) : config.problem;
}
const LOC1 = `locations:
  - { id: loc1, address: a, city: c, country: NLD, coordinates: { latitude: "52.37403", longitude: "4.88969" }, time_zone: Europe/Amsterdam }`;

test('F-40, LOC-09: a location without a description is no failure; the finding names it once and shows an entry to add, which is valid', () => {
  const [finding, ...others] = findingsOf(['LOC1', 'LOC2', 'LOC2'], LOC1);
  expect([finding, others]).toEqual([
    {
      check: 'locations',
      ok: true,
      advice: true,
      message: expect.stringMatching(/^LOC2: not described, so peers are told of no EVSE there; add under locations: - \{ id: LOC2, /),
    },
    [],
  ]);
  const { message = '' } = { ...finding } as { message?: string };
  const [, entry = ''] = message.split('add under locations: ');
  expect(findingsOf(['LOC1', 'LOC2'], `${LOC1}\n  ${entry}`)).toMatchObject([{ message: '2 described' }]);
});

test('of many locations without a description only five are named', () => {
  expect(findingsOf(['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'], '')).toMatchObject([
    { message: expect.stringMatching(/^A1, A2, A3, A4, A5 and 2 more: not described/) },
  ]);
});

test('the finding counts the locations when all are described', () => {
  expect(findingsOf(['LOC1'], LOC1)).toEqual([{ check: 'locations', ok: true, message: '1 described' }]);
});
