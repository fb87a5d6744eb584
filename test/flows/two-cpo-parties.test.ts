import { expect, test } from 'vitest';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { describedLocation } from '../described-location.ts';
import { routingOf } from '../hub-world.ts';
import { openWorld } from '../world.ts';
import { presentCard, remoteToken } from './tokens.fixture.ts';

const evse = (uid: string) => ({ uid, evse_id: 1, connector_id: 1, power_type: 'AC_3_PHASE' as const, max_voltage: 230, max_amperage: 32 });
const PASSWORD = '0123456789abcdef';
const twoCpos = {
  parties: [
    { role: 'CPO' as const, country_code: 'NL', party_id: 'EVK', name: 'Evenkeel' },
    { role: 'CPO' as const, country_code: 'NL', party_id: 'EV2', name: 'The other one' },
  ],
  charge_points: [
    { id: 'CP-16', password: PASSWORD, location_id: 'LOC1', party: 'NL*EVK', evses: [evse('CP-16-1')] },
    { id: 'CP-201', password: PASSWORD, location_id: 'LOC2', evses: [evse('CP-201-1')] },
  ],
  locations: [describedLocation('LOC1'), { ...describedLocation('LOC2'), party: 'nl*ev2' }],
};

test.each(['2.2.1', '2.3.0'] as const)(
  'F-49, RTE-04, CRE-27: each of two CPOs of one node has its own locations, sessions and requests, with an eMSP of %s',
  async (edition) => {
    await using world = await openWorld({ config: twoCpos });
    const emsp = await world.emsp({ edition, tokens: [remoteToken({ whitelist: 'NEVER' })] });
    await world.firstStep('token-received');
    const station = await world.station('CP-201');
    await emsp.location(({ id, evses }) => id === 'LOC2' && JSON.stringify(evses).includes('AVAILABLE'));
    expect(await emsp.pullLocations()).toMatchObject([
      { party_id: 'EVK', id: 'LOC1', evses: [{ uid: 'CP-16-1' }] },
      { party_id: 'EV2', id: 'LOC2', evses: [{ uid: 'CP-201-1' }] },
    ]);
    expect(await presentCard(station)).toBe(true);
    const session = await emsp.session(({ status }) => status === 'ACTIVE');
    expect(session).toMatchObject({ country_code: 'NL', party_id: 'EV2', location_id: 'LOC2', evse_uid: 'CP-201-1' });

    const pushed = emsp.nextPush(String(session.id));
    const sent = await emsp.set(String(session.id), { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] });
    expect([sent.result, await sent.later]).toMatchObject(['ACCEPTED', { result: 'ACCEPTED' }]);
    await pushed;
    const modules = ['sessions', 'chargingprofiles', 'locations'];
    const routes = emsp.requests
      .filter(({ module, method, url }) => (modules.includes(module ?? '') && method !== 'GET' && !url.includes('/LOC1')) || url.includes('/authorize'))
      .map(({ module, headers }) => ({ module, ...routingOf(headers) }));
    expect(new Set(routes.map(({ module }) => module))).toEqual(new Set([...modules, 'tokens']));
    for (const route of routes) expect(route).toEqual({ module: route.module, from: 'NL*EV2', to: 'NL*MSP' });
  },
);

const file = (more: string) => `public_url: https://cpo.example
ocpp: { security_profile: 1 }
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: a }, { role: CPO, country_code: NL, party_id: EV2, name: b }, { role: EMSP, country_code: NL, party_id: MSP, name: c }]
${more}`;
const point = (id: string, location: string, more = '') =>
  `  - { id: ${id}, password: ${PASSWORD}, location_id: ${location}, ${more}evses: [{ uid: ${id}-1, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }`;
const ALLOWED = 'NL*EVK or NL*EV2';

test.each([
  [
    'a charge point names no party',
    point('A', 'L1'),
    [`charge_points.0: needs party, because parties has several CPOs: add party: ${ALLOWED}, here or at location L1`],
  ],
  ['it names a party that is no CPO', point('A', 'L1', 'party: NL*MSP, '), [`charge_points.0.party: found NL*MSP, must be a party with role CPO: ${ALLOWED}`]],
  [
    'two charge points at one location name different parties',
    `${point('A', 'L1', 'party: NL*EVK, ')}\n${point('B', 'l1', 'party: NL*EV2, ')}`,
    ['charge_points.0.party: found NL*EVK, but location L1 belongs to NL*EV2: all entries of one location need the same party'],
  ],
  ['one charge point names the party of its location', `${point('A', 'L1', 'party: NL*EVK, ')}\n${point('B', 'l1')}`, []],
])('F-49: with two CPOs in one node, when %s', (_, points, says) => {
  const read = parseConfig(file(`charge_points:\n${points}`));
  expect(read.ok ? [] : read.problem.map((it) => `${it.key}: ${it.says}`)).toEqual(says);
});
