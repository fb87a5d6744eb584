import { describe, expect, test } from 'vitest';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import { locationUrl, moment, openEmspWorld, remoteConnector, remoteEvse, remoteLocation, remoteSession, sessionUrl } from '../emsp-world.ts';
import { openApiClient, requestApi } from '../operator-api.ts';
import { openWorld } from '../world.ts';
import { codeOf } from './platform.fixture.ts';
import { idsAtCpo, openRelayed, secrets } from './relay.fixture.ts';

/** A session as a partner may write it: numbers as text, text as numbers, an offset, an unknown word, null in a list, too long, and a name in another form. */
const { auth_method: _, currency: __, connector_id: ___, ...rest } = remoteSession('s1');
const odd = {
  ...rest,
  kwh: '0.00',
  connectorId: 1,
  auth_method: 'PLUG_AND_CHARGE',
  currency: 'Euro',
  status: 'active',
  start_date_time: '2026-01-31T10:00:00.5+01:00',
  meter_id: `M${'x'.repeat(300)}`,
  charging_periods: [
    null,
    {
      start_date_time: moment(0),
      dimensions: [
        { type: 'ENERGY', volume: '0.5' },
        { type: 'VOLTAGE', volume: 230 },
      ],
    },
  ],
};
const understood = {
  ...rest,
  kwh: 0,
  connector_id: '1',
  auth_method: 'WHITELIST',
  currency: 'XXX',
  status: 'ACTIVE',
  start_date_time: '2026-01-31T09:00:00.5Z',
  meter_id: `M${'x'.repeat(254)}`,
  charging_periods: [{ start_date_time: moment(0), dimensions: [{ type: 'ENERGY', volume: 0.5 }] }],
};

describe('what a CPO sends against OCPI', () => {
  test('F-51, F-52: a session and a location are taken field by field, and each patience is counted by kind and peer, with the first example', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    expect((await cpo.put({ ...odd, id: 's1' })).http).toBe(201);
    expect((await world.readSession(cpo, 's1')).session).toEqual(understood);
    const plain = await cpo.send({ method: 'PUT', url: sessionUrl(cpo, 's2'), body: remoteSession('s2'), headers: { 'Content-Type': 'text/plain' } });
    expect(plain.http).toBe(201);

    const broken = [remoteConnector('1', { tariff_ids: [null, 'T1'], standard: 'HEXAGON' }), null, remoteConnector('2', { max_voltage: 'high' })];
    const evses = [remoteEvse('E1', { status: 'OCCUPIED', connectors: broken, capabilities: ['TELEPORT', 'RFID_READER'] }), 'E2'];
    const body = remoteLocation('LOC1', { coordinates: { latitude: '52,37403', longitude: 4.88969 }, country: 'Netherlands', evses });
    expect((await cpo.send({ method: 'PUT', url: locationUrl(cpo, 'LOC1'), body })).http).toBe(201);
    const kept = fieldsOf((await cpo.send({ method: 'GET', url: locationUrl(cpo, 'LOC1') })).data);
    const connectors = [remoteConnector('1', { tariff_ids: ['T1'], standard: 'HEXAGON' })];
    expect(kept).toEqual({
      ...remoteLocation('LOC1', { coordinates: { latitude: '52.37403', longitude: '4.88969' }, country: '#NA' }),
      evses: [remoteEvse('E1', { status: 'UNKNOWN', connectors, capabilities: ['RFID_READER'] })],
    });

    const api = await openApiClient(world.node());
    const peer = (await api.request('GET peers/NL*CPO')).body;
    expect(peer.strict).toBe(false);
    const counted = Object.fromEntries(listOf(peer.patience).map(({ kind, count, message, field, found }) => [kind, [count, message, field, found]]));
    expect(counted).toMatchObject({
      'text-for-number': [2, 'put-session', 'kwh', '"0.00"'],
      'odd-date-time': [1, 'put-session', 'start_date_time', '"2026-01-31T10:00:00.5+01:00"'],
      'null-in-list': [3, 'put-session', 'charging_periods[0]', 'null'],
      'content-type': [1, 'put-session', 'body', '"text/plain"'],
      'too-long': [1, 'put-session', 'meter_id', 'a text of 301 characters'],
      'unknown-word': [2, 'put-location', 'evses[0].status', '"OCCUPIED"'],
    });
    expect(listOf((await api.request('GET peers')).body.items)[0]?.patience).toEqual(peer.patience);
    const metrics = await (await fetch(`${world.node().publicUrl}/metrics`)).text();
    expect(metrics).toContain('ocpi_patience_total{kind="null-in-list",peer="NL*CPO"} 3');
    await cpo.unregister();
    expect(await (await fetch(`${world.node().publicUrl}/metrics`)).text()).not.toContain('peer="NL*CPO"');
  });

  test('F-52: a strict CPO gets 2001 and 415 with the field named, and nothing is kept', async () => {
    await using world = await openEmspWorld({ config: { strict_peers: ['nl*cpo'] } });
    const cpo = await world.cpo();
    const answer = await cpo.put({ ...odd, id: 's1' });
    expect([codeOf(answer), answer.envelope.status_message]).toEqual(['200 2001', expect.stringContaining('kwh: found "0.00"')]);
    const plain = await cpo.send({ method: 'PUT', url: sessionUrl(cpo, 's2'), body: remoteSession('s2'), headers: { 'Content-Type': 'text/plain' } });
    expect(plain.http).toBe(415);
    expect((await world.node().sessions()).items).toEqual([]);
    const { key } = await world.node().keys.add({ name: 'a test', scope: 'view' });
    expect((await requestApi(world.node().publicUrl, 'GET peers/NL*CPO', { headers: { authorization: `Bearer ${key}` } })).body).toMatchObject({
      strict: true,
      patience: [],
    });
  });

  test('F-53: a request to a party that is not here is answered in the name of one that is', async () => {
    await using world = await openEmspWorld();
    const cpo = await world.cpo();
    const headers = { 'OCPI-to-country-code': 'NL', 'OCPI-to-party-id': 'XYZ' };
    for (const body of [remoteSession('s1'), {}]) {
      const answer = await cpo.send({ method: 'PUT', url: sessionUrl(cpo, 's1'), body, headers });
      expect([codeOf(answer), answer.headers.get('ocpi-from-party-id'), answer.headers.get('ocpi-to-party-id')]).toEqual(['200 2001', 'EVK', 'CPO']);
    }
  });
});

describe('F-50: what a platform sends against OCPI when it registers', () => {
  const good = (origin: string) => [
    { identifier: 'sessions', role: 'RECEIVER', url: `${origin}/ocpi/emsp/2.2.1/sessions` },
    { identifier: 'credentials', url: `${origin}/ocpi/2.2.1/credentials` },
  ];

  test.each([
    ['no role of the endpoint of credentials', [], []],
    ['an address that cannot be used, of a module that is not used', [{ identifier: 'cdrs', role: 'SENDER', url: 'ask your account manager' }], []],
    ['an endpoint that cannot be understood', [null, { identifier: 'tariffs' }, 'commands'], []],
    ['the name of a module in another spelling', [{ identifier: 'Charging_Profiles', role: 'sender', url: 'https://msp.example/cp' }], []],
    ['an unknown role beside a good one', [], [{ role: 'AGGREGATOR', country_code: 'NL', party_id: 'AGG', business_details: { name: 'A' } }]],
    ['a party id of four characters beside a good one', [], [{ role: 'CPO', country_code: 'NL', party_id: 'LONG', business_details: { name: 'L' } }]],
  ])('%s: it is registered without that part', async (what, endpoints, moreRoles) => {
    await using world = await openWorld();
    await using emsp = await world.emsp({ moreRoles, faults: {} });
    await emsp.unregister();
    const { origin } = new URL(emsp.versionsUrl);
    const data = { version: '2.2.1', endpoints: [...endpoints, ...good(origin)] };
    emsp.behave({ details: { is: 'answer', http: 200, body: JSON.stringify({ data, status_code: 1000, timestamp: moment(0) }) } });
    const token = await world.node().registration.invite({ role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
    const answer = await emsp.register({ token: token.ok ? token.value : '', versions_url: `${world.node().publicUrl}/ocpi/versions` });
    expect(answer.envelope.status_code).toBe(1000);
    const api = await openApiClient(world.node());
    const peer = (await api.request('GET peers/NL*MSP')).body;
    expect(peer).toMatchObject({ status: 'REGISTERED', roles: [{ role: 'EMSP', party_id: 'MSP' }] });
    const named = listOf(peer.modules).map(({ identifier, role }) => `${identifier} ${role}`);
    expect(named.filter((it) => it !== 'chargingprofiles SENDER')).toEqual(['sessions RECEIVER', 'credentials SENDER']);
    expect(named.length).toBe(what.includes('spelling') ? 3 : 2);
    expect(listOf(peer.patience).length).toBeGreaterThan(0);
  });

  test('an address that cannot be used, of a module that is used, is still refused', async () => {
    await using world = await openWorld();
    const refused = world.emsp({ extraEndpoints: [{ identifier: 'tokens', role: 'SENDER', url: 'ftp://msp.example/tokens' }] });
    await expect(refused).rejects.toThrow('3001');
  });
});

describe('through a relay', () => {
  const push = (more: { charging_profile_period: object[] }) => ({ start_date_time: moment(0), charging_profile: { charging_rate_unit: 'A', ...more } });

  test.each([
    [
      'F-44: an active profile without a duration and with fields of others',
      { ...push({ charging_profile_period: [{ start_period: 0, limit: 8, phases: 3 }] }), source: `evse of ${idsAtCpo.id}` },
    ],
    ['F-46: one without periods', push({ charging_profile_period: [] })],
    ['F-46: one that begins later', push({ charging_profile_period: [{ start_period: 600, limit: 8 }] })],
  ])('CP-70: %s passes as it came, without ids of the CPO', async (_, active) => {
    await using it = await openRelayed();
    const set = await it.request('set');
    await it.postResult({ result: 'ACCEPTED' });
    await set.later;
    const pushed = it.scsp.nextPush(it.session);
    expect((await it.cpo.pushActiveProfile(idsAtCpo.id, active)).http).toBe(200);
    const forwarded = JSON.stringify(await it.until(pushed));
    expect(JSON.parse(forwarded)).toEqual(JSON.parse(JSON.stringify(active).replaceAll(idsAtCpo.id, it.session)));
    for (const secret of secrets) expect(forwarded).not.toContain(secret);
    const shown = (await it.world.node().sessions()).items[0];
    expect(shown?.active_charging_profile?.charging_profile.charging_profile_period).toHaveLength(active.charging_profile.charging_profile_period.length);
  });

  test('F-46: the result of a get without periods is ACCEPTED, and is forwarded with fields of others, but without ids of the CPO', async () => {
    await using it = await openRelayed();
    const get = await it.request('get');
    const profile = { ...push({ charging_profile_period: [] }), note: `driver ${idsAtCpo.uid} at ${idsAtCpo.id}` };
    expect((await it.postResult({ result: 'ACCEPTED', profile })).http).toBe(200);
    expect(await get.later).toEqual({ result: 'ACCEPTED', profile: { ...profile, note: `driver … at ${it.session}` } });
    expect((await it.exchanges())[0]).toMatchObject({ outcome: { result: 'ACCEPTED' } });
  });

  test('F-47: a refusal whose timeout is null is a refusal', async () => {
    await using it = await openRelayed();
    it.cpo.behave({ chargingprofiles: { is: 'answer', http: 200, body: JSON.stringify({ data: { result: 'REJECTED', timeout: null }, status_code: 1000 }) } });
    expect((await it.request('set')).result).toBe('REJECTED');
    expect((await it.exchanges())[0]).toMatchObject({ state: 'REFUSED', reason: 'REJECTED' });
  });
});
