import { describe, expect, test } from 'vitest';
import { buildCar, virtualClock } from '../../sim/index.ts';
import { type Fields, fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Emsp, EmspOptions } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { Connector } from '../../src/ocpi/locations/connector.ts';
import { Evse } from '../../src/ocpi/locations/evse.ts';
import { Location } from '../../src/ocpi/locations/location.ts';
import { problemWith } from '../../src/ocpi/problem.ts';
import { describedLocation } from '../described-location.ts';
import { letNodesWork } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { badge, openWorld, type StationName, type StoreKind, stores } from '../world.ts';

const configured = { ...describedLocation('loc1'), name: 'Garage' };

async function openLocations(store: StoreKind, options: Partial<EmspOptions> & Partial<Pick<Config, 'locations' | 'contracts'>> = {}) {
  const { locations = [configured], contracts = [], ...emspOptions } = options;
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ store, clock, config: { locations, contracts } }));
  const emsp = await world.emsp(emspOptions);
  const resources = stack.move();
  return { world, emsp, clock, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** No charge point connects after the restart, so any port will do. */
const ocpp = { host: '127.0.0.1', port: 0, security_profile: 1 } as const;

const evseOf = (location: Fields, uid: string) => fieldsOf(listOf(location.evses).find((it) => it.uid === uid));
/** Resolves with the copy of the eMSP when its EVSE has these fields. */
const locationWith = (emsp: Emsp, station: StationName, more: Fields) =>
  emsp.location((it) => Object.entries(more).every(([field, value]) => evseOf(it, `${station}-1`)[field] === value));
const locationWithProfiles = (emsp: Emsp, station: StationName) =>
  emsp.location((it) => JSON.stringify(evseOf(it, `${station}-1`).capabilities) === JSON.stringify(['CHARGING_PROFILE_CAPABLE']));
const pushesTo = (emsp: Emsp) =>
  emsp.requests
    .filter(({ module, method }) => module === 'locations' && method !== 'GET')
    .map(({ method, url, body }) => ({ method, path: new URL(url).pathname.split('/locations/')[1] ?? '', body: fieldsOf(JSON.parse(body)) }));
const listAt = (emsp: Emsp) => emsp.peer().endpoints.find((it) => it.identifier === 'locations' && it.role === 'SENDER')?.url ?? '';

describe.each(stores)('locations that a CPO node pushes (%s)', (store) => {
  test.each(['CP-16', 'CP-201', 'CP-21'] as const)(
    'F-53, LOC-03, LOC-05: status and capabilities of an EVSE of %s are pushed at each change, from UNKNOWN on',
    async (at) => {
      await using it = await openLocations(store);
      expect(await it.emsp.pullLocations()).toMatchObject([
        { evses: ['CP-16-1', 'CP-201-1', 'CP-21-1'].map((uid) => ({ uid, status: 'UNKNOWN', capabilities: [] })) },
      ]);
      const station = await it.world.station(at);
      await locationWith(it.emsp, at, { status: 'AVAILABLE' });
      await locationWithProfiles(it.emsp, at);
      await station.plugIn(1, { car: buildCar(), idToken: badge });
      await locationWith(it.emsp, at, { status: 'CHARGING' });
      // F-53: a card was read here, so there is a reader
      await it.emsp.location((location) => JSON.stringify(evseOf(location, `${at}-1`).capabilities) === '["CHARGING_PROFILE_CAPABLE","RFID_READER"]');
      await station.unplug(1);
      await locationWith(it.emsp, at, { status: 'AVAILABLE' });
      await station[Symbol.asyncDispose]();
      await locationWith(it.emsp, at, { status: 'UNKNOWN' });

      const [first, ...others] = pushesTo(it.emsp);
      expect([first?.method, first?.path]).toEqual(['PUT', 'NL/EVK/LOC1']);
      expect(problemWith(Location['2.2.1'], first?.body)).toBeUndefined();
      // TRN-32: after the first PUT only the changed fields of the changed EVSE
      expect(new Set(others.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set([`PATCH NL/EVK/LOC1/${at}-1`]));
      // LOC-03: the party in the URL is that of the location; LOC-05: each PATCH has last_updated
      expect(first?.body).toMatchObject({ country_code: 'NL', party_id: 'EVK', id: 'LOC1' });
      for (const { body } of others) expect(body.last_updated).toEqual(expect.any(String));
      for (const { body } of others) expect(['capabilities', 'status', 'last_updated']).toEqual(expect.arrayContaining(Object.keys(body)));
      // the pushed copy equals the list
      expect([...it.emsp.locations.values()]).toEqual(await it.emsp.pullLocations());
    },
  );

  test('an EVSE loses CHARGING_PROFILE_CAPABLE when its station does not support profiles', async () => {
    await using it = await openLocations(store);
    const station = await it.world.station('CP-16');
    await locationWithProfiles(it.emsp, 'CP-16');
    const session = await it.world.charging(it.emsp, station);
    station.behave({ lacksSmartCharging: 'NotSupported' });
    await it.emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] });
    await it.emsp.location((location) => JSON.stringify(evseOf(location, 'CP-16-1').capabilities) === '["RFID_READER"]');
    expect(await it.emsp.pullLocations()).toEqual([...it.emsp.locations.values()]);
  });

  test.each(['2.2.1', '2.3.0'] as const)('F-40, LOC-09: peers of %s are not told of a location until it is described', async (edition) => {
    await using it = await openLocations(store, { edition, locations: [] });
    const built = it.world.nextStep('location-changed');
    await it.world.station('CP-201');
    await built;
    expect(await it.emsp.pullLocations()).toEqual([]);
    for (const path of ['/LOC1', '/LOC1/CP-201-1', '/LOC1/CP-201-1/1'])
      expect([path, (await it.emsp.send({ method: 'GET', url: `${listAt(it.emsp)}${path}` })).http]).toEqual([path, 404]);
    const operator = await openApiClient(it.world.node(), 'view');
    expect((await operator.request('GET locations')).body.items).toMatchObject([{ key: 'NL*EVK*LOC1', location: { publish: false }, told: 'NOBODY' }]);

    await it.world.restart(undefined, { locations: [configured], ocpp });
    const location = await it.emsp.location(() => true);
    expect(problemWith(Location[edition], location)).toBeUndefined();
    expect(location).toMatchObject({ address: 'Keizersgracht 1', publish: true });
    expect(
      pushesTo(it.emsp)
        .map(({ body }) => JSON.stringify(body))
        .join(),
    ).not.toContain('#NA');

    // a description that is taken out of the configuration stays: peers know the location by it
    await it.world.restart(undefined, { locations: [], ocpp });
    expect(await it.emsp.pullLocations()).toMatchObject([{ address: 'Keizersgracht 1' }]);
  });

  test.each(['2.2.1', '2.3.0'] as const)(
    'LOC-02, LOC-08: a private location that names tokens is told to peers of %s with them, and the store holds none of them',
    async (edition) => {
      const publish_allowed_to = [
        { uid: 'DEADBEEF', type: 'RFID' as const },
        { visual_number: 'V-17', issuer: 'Cards' },
      ];
      await using it = await openLocations(store, { edition, locations: [{ ...configured, publish: false, publish_allowed_to }] });
      await it.world.station('CP-201');
      const pushed = await locationWith(it.emsp, 'CP-201', { status: 'AVAILABLE' });
      expect(pushed).toMatchObject({ publish: false, publish_allowed_to });
      expect(problemWith(Location[edition], pushed)).toBeUndefined();
      expect(await it.emsp.pullLocations()).toMatchObject([{ publish: false, publish_allowed_to }]);
      const operator = await openApiClient(it.world.node(), 'view');
      expect((await operator.request('GET locations')).text).not.toMatch(/DEADBEEF|V-17/);
      const group = [{ group_id: 'G1' }];
      await it.world.restart(undefined, { locations: [{ ...configured, publish: false, publish_allowed_to: group }], ocpp });
      await it.emsp.location((location) => JSON.stringify(location.publish_allowed_to) === JSON.stringify(group));
    },
  );

  test('LOC-02, LOC-06: a private location is told only to a party that sees or controls its sessions by contract', async () => {
    const contracts = [{ party: 'NL*SCS', may: ['see' as const, 'control' as const], locations: ['loc1'] }];
    await using it = await openLocations(store, { locations: [{ ...configured, publish: false }], contracts });
    const scsp = await it.world.emsp({ party: { country_code: 'NL', party_id: 'SCS' }, role: 'SCSP' });
    await it.world.station('CP-201');
    await locationWith(scsp, 'CP-201', { status: 'AVAILABLE' });
    expect(await scsp.pullLocations()).toMatchObject([{ id: 'LOC1', publish: false }]);
    expect([await it.emsp.pullLocations(), pushesTo(it.emsp)]).toEqual([[], []]);
  });

  test('TRN-33: a PATCH that the receiver refuses with 404 is followed by GET and PUT', async () => {
    await using it = await openLocations(store);
    const station = await it.world.station('CP-201');
    await locationWith(it.emsp, 'CP-201', { status: 'AVAILABLE' });
    await locationWithProfiles(it.emsp, 'CP-201');
    const unknown = { is: 'ocpi', code: 2003, http: 404 } as const;
    it.emsp.behave({ locations: [unknown, unknown] });
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    await locationWith(it.emsp, 'CP-201', { status: 'CHARGING' });
    const methods = it.emsp.requests.filter(({ module }) => module === 'locations').map(({ method }) => method);
    expect(methods.join(' ')).toMatch(/PATCH GET PUT/);
  });

  test('TRN-53: after a failed push the node reads the copy of the receiver and sends the current value', async () => {
    await using it = await openLocations(store);
    const station = await it.world.station('CP-201');
    await locationWithProfiles(it.emsp, 'CP-201');
    await locationWith(it.emsp, 'CP-201', { status: 'AVAILABLE' });
    it.emsp.behave({ locations: { is: 'answer', http: 500 } });
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    await it.world.firstStep('location-pushed', ({ outcome }) => outcome === 'UNDELIVERED');
    // No push is on its way any more: one that arrived before would be answered after the change.
    await letNodesWork(it.world.node().publicUrl);
    const before = it.emsp.requests.length;
    it.emsp.behave({});
    await it.clock.advance(60_000);
    await locationWith(it.emsp, 'CP-201', { status: 'CHARGING' });
    const after = it.emsp.requests.slice(before).filter(({ module }) => module === 'locations');
    expect(after.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
    expect([...it.emsp.locations.values()]).toEqual(await it.emsp.pullLocations());
  });

  test('TRN-11: nothing is pushed to a platform without a receiver endpoint for locations', async () => {
    await using it = await openLocations(store);
    const other = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' }, withoutLocations: true });
    await it.world.station('CP-201');
    await locationWith(it.emsp, 'CP-201', { status: 'AVAILABLE' });
    expect(other.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(await other.pullLocations()).toHaveLength(1);
  });
});

describe.each(stores)('locations that a CPO node lists (%s)', (store) => {
  test('the list and each location, EVSE and connector are readable in both editions; an unknown one is 404', async () => {
    for (const edition of ['2.2.1', '2.3.0'] as const) {
      await using it = await openLocations(store, { edition });
      const get = async (path: string) => it.emsp.send({ method: 'GET', url: `${listAt(it.emsp)}${path}` });
      const [listed] = await it.emsp.pullLocations();
      expect(problemWith(Location[edition], listed)).toBeUndefined();
      // the configuration names it loc1 and LOC1: both mean one location
      expect(listed).toMatchObject({ id: 'LOC1', name: 'Garage', publish: true });
      expect((await get('/LOC1')).data).toEqual(listed);
      const evse = (await get('/loc1/CP-21-1')).data;
      expect(problemWith(Evse[edition], evse)).toBeUndefined();
      const connector = (await get('/LOC1/CP-21-1/1')).data;
      expect(problemWith(Connector[edition], connector)).toBeUndefined();
      expect(connector).toMatchObject({ standard: 'IEC_62196_T2', format: 'SOCKET', power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 });
      for (const path of ['/LOC2', '/LOC1/E9', '/LOC1/CP-21-1/9']) expect([path, (await get(path)).http]).toEqual([path, 404]);
      expect((await get('/LOC1/CP-21-1/1/x')).http).toBe(404);
    }
  });

  test('TRN-18, TRN-19, TRN-25: date_from (inclusive) and date_to (exclusive) filter by last_updated', async () => {
    await using it = await openLocations(store);
    const [listed] = await it.emsp.pullLocations();
    const at = String(listed?.last_updated);
    const later = new Date(Date.parse(at) + 1).toISOString();
    const count = async (query: Record<string, string>) => (await it.emsp.pullLocations(query)).length;
    expect(await count({ date_from: at })).toBe(1);
    expect(await count({ date_from: later })).toBe(0);
    expect(await count({ date_to: at })).toBe(0);
    expect(await count({ date_from: at, date_to: later })).toBe(1);
    expect(await count({ offset: '1' })).toBe(0);
    const page = await it.emsp.send({ method: 'GET', url: `${listAt(it.emsp)}?limit=1` });
    expect([page.headers.get('x-total-count'), page.headers.get('link')]).toEqual(['1', null]);
  });

  test('a restart of the node does not change an unchanged location', async () => {
    await using it = await openLocations(store);
    const before = await it.emsp.pullLocations();
    await it.world.restart();
    expect(await it.emsp.pullLocations()).toEqual(before);
  });
});
