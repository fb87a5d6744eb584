import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCar, type ChargePoint, plugInStation, virtualClock } from '../../sim/index.ts';
import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { startCommand } from '../command.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, type StoreKind, stores } from '../world.ts';

type Site = Config['sites'][number];
const SITE: Site = {
  name: 'garage',
  rule: 'equal',
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }, { uid: 'CP-21-1' }],
};
const W_PER_A = 3 * 230;

async function openGarage(store: StoreKind, config: Partial<Config> = {}) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const world = stack.use(await openWorld({ store, clock, config: { sites: [SITE], ...config } }));
  const stations: ChargePoint[] = [];
  for (const id of ['CP-16', 'CP-201', 'CP-21'] as const) stations.push(await world.station(id));
  /** What flows through the cable, in A on each phase, the most that it was at the end of any second. */
  const most = async (seconds: number) => {
    let most = 0;
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      most = Math.max(most, stations.reduce((sum, it) => sum + it.power(1), 0) / W_PER_A);
    }
    return most;
  };
  /** Lets time pass, second by second, until something has come. */
  const until = async <T>(coming: Promise<T>): Promise<T> => {
    let come = false;
    const noted = coming.finally(() => {
      come = true;
    });
    while (!come) await clock.advance(1_000);
    return noted;
  };
  const ordered = (evse: string, current: number) => {
    const since = world.steps.length;
    return until(world.firstStep('site-limit-answered', (it) => world.steps.indexOf(it) >= since && it.evse === evse && it.current === current));
  };
  await most(3);
  const [first, second, third] = stations;
  if (!first || !second || !third) throw new Error('three stations were plugged in');
  const kept = stack.move();
  return { world, clock, stations: [first, second, third] as const, most, until, ordered, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
const flows = (station: ChargePoint, evse = 1) => Math.round((station.power(evse) / W_PER_A) * 10) / 10;

describe('a site behind one cable', () => {
  const store = 'sqlite';

  test('shares it among the cars that are there, and never lets more flow', async () => {
    await using it = await openGarage(store);
    const [first, second, third] = it.stations;
    expect(it.stations.map((station) => station.installed().map(({ purpose, evseId }) => `${purpose} ${evseId}`))).toEqual([['max 0'], ['max 0'], ['max 0']]);
    await first.plugIn(1, { car: buildCar(), idToken: badge });
    expect(await it.most(4)).toBeLessThanOrEqual(20);
    expect(flows(first)).toBe(16); // all that the car takes
    await second.plugIn(1, { car: buildCar(), idToken: badge });
    expect(await it.most(20)).toBeLessThanOrEqual(20);
    expect([flows(first), flows(second)]).toEqual([10, 10]);
    await third.plugIn(1, { car: buildCar(), idToken: badge });
    expect(await it.most(20)).toBeLessThanOrEqual(20);
    expect(it.stations.map((station) => flows(station))).toEqual([6.6, 6.7, 6.7]);
    await first.unplug(1);
    expect(await it.most(20)).toBeLessThanOrEqual(20);
    expect([flows(second), flows(third)]).toEqual([10, 10]);
  });

  test('a session keeps to its own profile, the others share the rest, and its sender hears what is left of it', async () => {
    await using it = await openGarage(store);
    const emsp = await it.world.emsp();
    const [first, second] = it.stations;
    const session = await it.world.charging(emsp, first);
    await it.most(4);
    expect(await (await emsp.set(session, upTo(8))).later).toEqual({ result: 'ACCEPTED' });
    await second.plugIn(1, { car: buildCar(), idToken: badge });
    await it.most(20);
    expect([flows(first), flows(second)]).toEqual([8, 12]);
    const told = emsp.nextPush(session);
    await it.world.node().imposeLimit('garage', { a: amperes(12) });
    expect(await it.most(30)).toBeLessThanOrEqual(20);
    expect([flows(first), flows(second)]).toEqual([6, 6]);
    expect(await it.until(told)).toMatchObject({ charging_profile: { charging_profile_period: [{ limit: 6 }] } });
  });
});

test.each(stores)('limits that are imposed outlive a restart, and are lifted (%s)', async (store) => {
  await using it = await openGarage(store);
  const node = () => it.world.node();
  await it.stations[0].plugIn(1, { car: buildCar(), idToken: badge });
  await it.ordered('CP-16-1', 20);
  const lowered = it.ordered('CP-16-1', 9);
  await node().imposeLimit('GARAGE', { a: amperes(9) });
  await lowered;
  expect(flows(it.stations[0])).toBe(9);
  await it.world.restart();
  const again = it.ordered('CP-16-1', 9);
  await Promise.all(it.stations.map((station) => station.reconnect()));
  await again;
  expect(flows(it.stations[0])).toBe(9);
  const lifted = it.ordered('CP-16-1', 20);
  await node().imposeLimit('garage', undefined);
  await lifted;
  expect(flows(it.stations[0])).toBe(16);
  const none = { ok: false, problem: 'found cellar, and no site has such a node; there are garage' };
  expect(await node().imposeLimit('cellar', undefined)).toEqual(none);
});

test('a station that falls silent counts at its last confirmed limit, and the others share the rest', async () => {
  await using it = await openGarage('sqlite');
  const [first, second] = it.stations;
  await first.plugIn(1, { car: buildCar(), idToken: badge });
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  await it.most(20);
  expect([flows(first), flows(second)]).toEqual([10, 10]);
  first.drop();
  await it.most(3);
  await it.world.node().imposeLimit('garage', { a: amperes(16) });
  await it.most(20);
  expect([flows(first), flows(second)]).toEqual([10, 6]);
  await first.reconnect();
  await it.most(20);
  expect([flows(first), flows(second)]).toEqual([8, 8]);
});

test('a car that draws more than it may is reported, and the others get less', async () => {
  await using it = await openGarage('sqlite');
  const [first, second] = it.stations;
  await first.plugIn(1, { car: buildCar(), idToken: badge });
  await it.most(20);
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  first.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Accepted' } } } });
  await it.most(180);
  expect(it.world.steps).toContainEqual(expect.objectContaining({ step: 'site-deviation', site: 'garage', evse: 'CP-16-1', measured: 16 }));
  expect(it.world.steps).toContainEqual(
    expect.objectContaining({ step: 'site-exceeded', site: 'garage', where: expect.stringContaining('garage on phase R') }),
  );
});

test('a file that is watched imposes limits; one with a mistake changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  const file = join(folder, 'limits.yaml');
  writeFileSync(file, 'garage: { a: 11 }\n');
  await using it = await openGarage('sqlite', { site_limits: file });
  const [station] = it.stations;
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  await it.most(10);
  expect(flows(station)).toBe(11);
  writeFileSync(file, 'garage/nowhere: { a: 3 }\n');
  await it.most(15);
  expect(flows(station)).toBe(11);
  writeFileSync(file, 'garage: { w: 4830 }  # 7 A on three phases\n');
  await it.most(15);
  expect(flows(station)).toBe(7);
});

test('a station of two EVSEs is limited at each, below the profile of a session too', async () => {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const ends = ['L', 'R'].map((side, n) => ({
    uid: `DUO-${side}`,
    evse_id: n + 1,
    connector_id: 1,
    power_type: 'AC_3_PHASE' as const,
    max_voltage: 230,
    max_amperage: 32,
  }));
  const duo = { id: 'DUO', password: '0123456789abcdef', location_id: 'LOC1', evses: ends };
  const site: Site = { ...SITE, evses: ends.map(({ uid }) => ({ uid })) };
  await using world = await openWorld({ clock, config: { sites: [site], charge_points: [duo] } });
  const evses = ends.map((_, n) => ({ evseId: n + 1, connectorId: 1, powerType: 'AC_3_PHASE' as const, maxVoltage: volts(230), maxAmperage: amperes(32) }));
  await using station = await plugInStation({
    id: duo.id,
    password: duo.password,
    version: '2.0.1',
    evses,
    url: `ws://127.0.0.1:${world.node().ocppPort}/ocpp`,
    clock,
  });
  let most = 0;
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      most = Math.max(most, (station.power(1) + station.power(2)) / W_PER_A);
    }
  };
  const emsp = await world.emsp();
  await pass(3);
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  await pass(5);
  const session = String((await emsp.session(({ status }) => status === 'ACTIVE')).id);
  expect(await (await emsp.set(session, upTo(15))).later).toEqual({ result: 'ACCEPTED' });
  await pass(5);
  expect(flows(station)).toBe(15);
  await station.plugIn(2, { car: buildCar(), idToken: badge });
  await pass(20);
  expect([flows(station, 1), flows(station, 2)]).toEqual([10, 10]);
  expect(await (await emsp.set(session, upTo(14))).later).toEqual({ result: 'ACCEPTED' });
  await pass(5);
  expect(station.power(1) / W_PER_A).toBeLessThanOrEqual(10);
  expect(await (await emsp.set(session, upTo(7))).later).toEqual({ result: 'ACCEPTED' });
  await pass(20);
  expect([flows(station, 1), flows(station, 2)]).toEqual([7, 13]);
  expect(most).toBeLessThanOrEqual(20);
});

test("the operator's systems and shell see a site, impose limits on it and lift them; a node that is not there changes nothing", async () => {
  await using it = await openGarage('sqlite');
  const system = await openApiClient(it.world.node());
  await it.stations[0].plugIn(1, { car: buildCar(), idToken: badge });
  await it.ordered('CP-16-1', 20);
  await it.most(3);
  const shown = await system.request('GET sites');
  expect(shown.body).toMatchObject({
    items: [
      {
        name: 'garage',
        rule: 'equal',
        nodes: [{ path: 'garage', limit: { a: 20 }, load: { a: [20, 20, 20], w: 13_800 } }],
        evses: [
          { uid: 'CP-16-1', path: 'garage', car: true, confirmed: 20, silent: false },
          { car: false, confirmed: 0 },
          { car: false, confirmed: 0 },
        ],
      },
    ],
  });
  await using command = startCommand(['sites', 'limit', 'garage', '9A', '--json'], { EVENKEEL_URL: it.world.node().publicUrl, EVENKEEL_KEY: system.key });
  expect(await command.ended).toMatchObject({ code: 0 });
  await it.ordered('CP-16-1', 9);
  expect((await system.request('GET sites')).body).toMatchObject({ items: [{ nodes: [{ limit: { a: 9 }, imposed: { a: 9 } }] }] });
  expect(await system.request('PUT sites/limits?node=garage/attic', { a: 3 })).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND', message: 'found garage/attic, and no site has such a node; there are garage' } },
  });
  expect((await system.request('PUT sites/limits?node=garage', { a: -1 })).status).toBe(400);
  await it.most(70);
  expect((await system.request('GET load')).body).toMatchObject({
    sites: [{ location_id: 'LOC1', sessions: 1, limit_watts: 9 * W_PER_A, load: expect.arrayContaining([[expect.any(Number), 9 * W_PER_A]]) }],
  });
  const lifted = it.ordered('CP-16-1', 20);
  expect((await system.request('DELETE sites/limits?node=Garage')).status).toBe(200);
  await lifted;
});
