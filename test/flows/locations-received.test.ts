import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Cpo, CpoOptions } from '../../sim/partner.ts';
import { partyKey } from '../../src/domain/ids.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { openContext } from '../../src/node/core/open-context.ts';
import { RemoteLocations } from '../../src/node/remote/remote-locations.ts';
import { locationUrl, moment, openEmspWorld, remoteConnector, remoteEvse, remoteLocation } from '../emsp-world.ts';
import { openApiClient } from '../operator-api.ts';
import { stores } from '../world.ts';

async function openReceiver(store: (typeof stores)[number], options: Partial<CpoOptions> = {}, config: Partial<Config> = {}) {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openEmspWorld({ store, clock, config }));
  const cpo = await world.cpo(options);
  await cpo.waitForRequest(({ module }) => module === 'locations');
  const resources = stack.move();
  return { world, cpo, clock, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
const put = (cpo: Cpo, path: readonly string[], body: object) => cpo.send({ method: 'PUT', url: locationUrl(cpo, ...path), body });
const patch = (cpo: Cpo, path: readonly string[], body: object) => cpo.send({ method: 'PATCH', url: locationUrl(cpo, ...path), body });
const get = (cpo: Cpo, ...path: readonly string[]) => cpo.send({ method: 'GET', url: locationUrl(cpo, ...path) });
const held = async (cpo: Cpo, ...path: readonly string[]) => (await get(cpo, ...path)).envelope.data;

describe.each(stores)('locations that an eMSP node receives (%s)', (store) => {
  test.each(['2.2.1', '2.3.0'] as const)(
    'STA-04, STA-05, TRN-31, TRN-42: PUT creates and replaces a location, its EVSEs and their connectors, in %s',
    async (edition) => {
      await using it = await openReceiver(store, { edition });
      const created = await put(it.cpo, ['LOC1'], remoteLocation('LOC1', { name: 'Garage' }));
      expect([created.http, created.envelope.status_code, 'data' in created.envelope]).toEqual([201, 1000, false]);
      const replaced = await put(it.cpo, ['LOC1'], remoteLocation('LOC1', { last_updated: moment(60) }));
      expect([replaced.http, replaced.envelope.status_code]).toEqual([200, 1000]);
      expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1', { last_updated: moment(60) }));

      const second = remoteEvse('E2', { last_updated: moment(120) });
      expect((await put(it.cpo, ['LOC1', 'E2'], second)).http).toBe(201);
      const cable = remoteConnector('2', { format: 'CABLE', last_updated: moment(180) });
      expect((await put(it.cpo, ['LOC1', 'E2', '2'], cable)).http).toBe(201);
      const whole = { ...second, connectors: [remoteConnector('1'), cable], last_updated: moment(180) };
      expect(await held(it.cpo, 'LOC1', 'E2', '2')).toEqual(cable);
      expect(await held(it.cpo, 'LOC1', 'E2')).toEqual(whole);
      expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1', { evses: [remoteEvse('E1'), whole], last_updated: moment(180) }));
    },
  );

  test('TRN-32: PATCH changes the given fields of a location, an EVSE or a connector', async () => {
    await using it = await openReceiver(store);
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1'));
    const answer = await patch(it.cpo, ['LOC1'], { name: 'Garage', last_updated: moment(60) });
    expect([answer.http, answer.envelope.status_code, 'data' in answer.envelope]).toEqual([200, 1000, false]);
    await patch(it.cpo, ['LOC1', 'E1'], { status: 'CHARGING', last_updated: moment(120) });
    await patch(it.cpo, ['LOC1', 'E1', '1'], { max_amperage: 16, last_updated: moment(180) });
    const connectors = [remoteConnector('1', { max_amperage: 16, last_updated: moment(180) })];
    const evses = [remoteEvse('E1', { status: 'CHARGING', connectors, last_updated: moment(180) })];
    expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1', { name: 'Garage', evses, last_updated: moment(180) }));
  });

  test('LOC-04: a change of a connector or an EVSE moves last_updated of all that it is part of', async () => {
    await using it = await openReceiver(store);
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1'));
    const times = async () => {
      const location = fieldsOf(await held(it.cpo, 'LOC1'));
      const [evse = {}] = listOf(location.evses);
      return [location, evse, listOf(evse.connectors)[0]].map((at) => at?.last_updated);
    };
    await put(it.cpo, ['LOC1', 'E1', '1'], remoteConnector('1', { last_updated: moment(60) }));
    expect(await times()).toEqual([moment(60), moment(60), moment(60)]);
    await patch(it.cpo, ['LOC1', 'E1'], { status: 'BLOCKED', last_updated: moment(90) });
    expect(await times()).toEqual([moment(90), moment(90), moment(60)]);
  });

  test('concurrent changes of many EVSEs are all stored', async () => {
    await using it = await openReceiver(store);
    const uids = Array.from({ length: 12 }, (_, n) => `E${n}`);
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1', { evses: uids.map((uid) => remoteEvse(uid)) }));
    await Promise.all(uids.map((uid) => patch(it.cpo, ['LOC1', uid], { status: 'BLOCKED', last_updated: moment(60) })));
    const { evses } = fieldsOf(await held(it.cpo, 'LOC1'));
    expect(evses).toEqual(uids.map((uid) => remoteEvse(uid, { status: 'BLOCKED', last_updated: moment(60) })));
  });

  test('STA-09: a PATCH of a strict peer without last_updated is 2001 at each level, and changes nothing', async () => {
    await using it = await openReceiver(store, {}, { strict_peers: ['NL*CPO'] });
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1'));
    for (const [path, change] of [
      [['LOC1'], { name: 'x' }],
      [['LOC1', 'E1'], { status: 'CHARGING' }],
      [['LOC1', 'E1', '1'], { max_amperage: 6 }],
    ] as const) {
      const { http, envelope } = await patch(it.cpo, path, change);
      expect([http, envelope.status_code, envelope.status_message]).toEqual([200, 2001, 'last_updated: missing']);
    }
    expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1'));
  });

  test('TRN-36, LOC-03: an id in the body that differs from the one in the URL is 2001; case is ignored', async () => {
    await using it = await openReceiver(store);
    for (const wrong of [{ country_code: 'DE' }, { party_id: 'XYZ' }, { id: 'LOC2' }])
      expect((await put(it.cpo, ['LOC1'], remoteLocation('LOC1', wrong))).envelope.status_code).toBe(2001);
    expect((await get(it.cpo, 'LOC1')).http).toBe(404);
    expect((await put(it.cpo, ['loc1'], remoteLocation('LOC1'))).http).toBe(201);
    expect((await put(it.cpo, ['LOC1', 'E1'], remoteEvse('E2'))).envelope.status_code).toBe(2001);
    expect((await put(it.cpo, ['LOC1', 'E1', '1'], remoteConnector('2'))).envelope.status_code).toBe(2001);
    expect((await patch(it.cpo, ['LOC1', 'E1'], { uid: 'E2', last_updated: moment(60) })).envelope.status_code).toBe(2001);
    expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1'));
  });

  test('TRN-34: GET, PUT and PATCH are allowed at each level, POST and DELETE are not', async () => {
    await using it = await openReceiver(store);
    for (const path of [['LOC1'], ['LOC1', 'E1'], ['LOC1', 'E1', '1']])
      for (const method of ['POST', 'DELETE']) {
        const answer = await it.cpo.send({ method, url: locationUrl(it.cpo, ...path), ...(method === 'POST' && { body: {} }) });
        expect([answer.http, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([405, ['GET', 'PATCH', 'PUT']]);
      }
  });

  test('TRN-35: only the CPO of a location may read and change it; another peer gets 404, and nothing is stored', async () => {
    await using it = await openReceiver(store);
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1'));
    const later = { last_updated: moment(60) };
    for (const request of [
      { method: 'PUT', path: ['LOC1'], body: remoteLocation('LOC1', { name: 'mine', ...later }) },
      { method: 'PUT', path: ['LOC2'], body: remoteLocation('LOC2') },
      { method: 'PUT', path: ['LOC1', 'E1'], body: remoteEvse('E1', { status: 'REMOVED', ...later }) },
      { method: 'PUT', path: ['LOC1', 'E1', '1'], body: remoteConnector('1', { max_amperage: 6, ...later }) },
      { method: 'PATCH', path: ['LOC1'], body: { name: 'mine', ...later } },
      { method: 'PATCH', path: ['LOC1', 'E1'], body: { status: 'REMOVED', ...later } },
      { method: 'PATCH', path: ['LOC1', 'E1', '1'], body: { max_amperage: 6, ...later } },
      { method: 'GET', path: ['LOC1'] },
      { method: 'GET', path: ['LOC1', 'E1'] },
      { method: 'GET', path: ['LOC1', 'E1', '1'] },
    ]) {
      const answer = await other.send({ method: request.method, url: locationUrl(it.cpo, ...request.path), ...(request.body && { body: request.body }) });
      expect([request, answer.http]).toEqual([request, 404]);
    }
    expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1'));
    expect((await get(it.cpo, 'LOC2')).http).toBe(404);
  });

  test('an older update changes nothing; the copy is stale then, and all locations are pulled', async () => {
    await using it = await openReceiver(store);
    const evses = [remoteEvse('E1', { status: 'CHARGING', last_updated: moment(60) })];
    const newest = remoteLocation('LOC1', { evses, last_updated: moment(60) });
    await put(it.cpo, ['LOC1'], newest);
    expect((await put(it.cpo, ['LOC1'], remoteLocation('LOC1', { name: 'old' }))).http).toBe(200);
    expect((await patch(it.cpo, ['LOC1', 'E1'], { status: 'AVAILABLE', last_updated: moment(30) })).http).toBe(200);
    expect(await held(it.cpo, 'LOC1')).toEqual(newest);
    it.cpo.locations.set('LOC1', { ...newest, name: 'Garage', last_updated: moment(90) });
    const pulls = () => it.cpo.requests.filter(({ method, module }) => module === 'locations' && method === 'GET');
    const before = pulls().length;
    await it.clock.advance(30_000);
    await it.world.firstStep('location-received', ({ by }) => by === 'pull');
    expect(await held(it.cpo, 'LOC1')).toEqual({ ...newest, name: 'Garage', last_updated: moment(90) });
    expect(
      pulls()
        .slice(before)
        .map(({ url }) => new URL(url).searchParams.get('date_from')),
    ).toEqual(['1970-01-01T00:00:00.000Z']);
  });

  test('TRN-33: a part of an unknown object is 404 at each level, and starts a pull', async () => {
    await using it = await openReceiver(store);
    const later = { last_updated: moment(60) };
    expect((await patch(it.cpo, ['LOC1'], later)).http).toBe(404);
    expect((await put(it.cpo, ['LOC1', 'E1'], remoteEvse('E1'))).http).toBe(404);
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1'));
    expect((await patch(it.cpo, ['LOC1', 'E9'], later)).http).toBe(404);
    expect((await put(it.cpo, ['LOC1', 'E9', '1'], remoteConnector('1'))).http).toBe(404);
    expect((await patch(it.cpo, ['LOC1', 'E1', '9'], later)).http).toBe(404);
    expect(await held(it.cpo, 'LOC1')).toEqual(remoteLocation('LOC1'));
    it.cpo.locations.set('LOC9', remoteLocation('LOC9'));
    await it.clock.advance(30_000);
    await it.world.firstStep('location-received', ({ location }) => location.endsWith('*LOC9'));
    expect(await held(it.cpo, 'LOC9')).toEqual(remoteLocation('LOC9'));
  });

  test('an EVSE is found by its party, location and uid, with its electrical limits', async () => {
    await using it = await openReceiver(store);
    const connectors = [remoteConnector('1', { max_electric_power: 11_000 })];
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1', { evses: [remoteEvse('E1', { connectors })] }));
    await it.world.stop();
    {
      await using stack = new AsyncDisposableStack();
      const context = await openContext(it.world.settings(), { clock: it.clock, log: () => undefined, stack });
      const locations = new RemoteLocations(context, () => undefined);
      const party = partyKey('nl', 'cpo');
      expect(await locations.evseOf(party, 'loc1', 'e1')).toEqual({
        status: 'AVAILABLE',
        capabilities: ['CHARGING_PROFILE_CAPABLE'],
        connectors: [{ id: '1', powerType: 'AC_3_PHASE', maxVoltage: 230, maxAmperage: 32, maxPower: 11_000 }],
      });
      expect(await locations.evseOf(party, 'LOC1', 'E9')).toBeUndefined();
      expect(await locations.evseOf(party, 'LOC9', 'E1')).toBeUndefined();
    }
    await it.world.start();
  });

  test('SEC-26: the size of one location is limited', async () => {
    await using it = await openReceiver(store);
    await put(it.cpo, ['LOC1'], remoteLocation('LOC1', { evses: [] }));
    const directions = Array.from({ length: 400 }, () => ({ language: 'en', text: 'x'.repeat(500) }));
    const answers: unknown[] = [];
    for (const uid of ['E1', 'E2', 'E3', 'E4', 'E5', 'E6'])
      answers.push((await put(it.cpo, ['LOC1', uid], remoteEvse(uid, { directions }))).envelope.status_code);
    expect(answers).toEqual([1000, 1000, 1000, 1000, 2001, 2001]);
  });

  test('the operator API lists the locations of peers, in pages', async () => {
    await using it = await openReceiver(store);
    for (const id of ['LOC1', 'LOC2', 'LOC3']) await put(it.cpo, [id], remoteLocation(id));
    const system = await openApiClient(it.world.node(), 'view');
    const { body } = await system.request('GET locations?limit=2');
    expect(body.items).toMatchObject([
      { key: 'NL*CPO*LOC3', side: 'foreign', peer: 'NL*CPO', location: { id: 'LOC3' } },
      { key: 'NL*CPO*LOC2', side: 'foreign', location: { id: 'LOC2' } },
    ]);
    expect((await system.request(`GET locations?limit=2&before=${body.next}`)).body).toMatchObject({ items: [{ location: { id: 'LOC1' } }] });
  });
});
