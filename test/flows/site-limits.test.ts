import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCar, plugInStation, virtualClock } from '../../sim/index.ts';
import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import { runCommandWith } from '../command.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, stores } from '../world.ts';
import { currentOf, openGarage, SITE, type Site, W_PER_A } from './garage.fixture.ts';

describe('a site with one limit', () => {
  const store = 'sqlite';

  test('shares the limit among the charging cars, and never exceeds it', async () => {
    await using it = await openGarage(store);
    const [first, second, third] = it.stations;
    expect(it.stations.map((station) => station.installed().map(({ purpose, evseId }) => `${purpose} ${evseId}`))).toEqual([['max 0'], ['max 0'], ['max 0']]);
    await first.plugIn(1, { car: buildCar(), idToken: badge });
    expect(await it.highest(4)).toBeLessThanOrEqual(20);
    expect(currentOf(first)).toBe(16); // the maximum of the car
    await second.plugIn(1, { car: buildCar(), idToken: badge });
    expect(await it.highest(20)).toBeLessThanOrEqual(20);
    expect([currentOf(first), currentOf(second)]).toEqual([10, 10]);
    await third.plugIn(1, { car: buildCar(), idToken: badge });
    expect(await it.highest(20)).toBeLessThanOrEqual(20);
    expect(it.stations.map((station) => currentOf(station))).toEqual([6.6, 6.7, 6.7]);
    await first.unplug(1);
    expect(await it.highest(20)).toBeLessThanOrEqual(20);
    expect([currentOf(second), currentOf(third)]).toEqual([10, 10]);
  });

  test('keeps a session within its own profile, shares the rest among the others, and pushes the active profile when the limit is lower', async () => {
    await using it = await openGarage(store);
    const emsp = await it.world.emsp();
    const [first, second] = it.stations;
    const session = await it.world.charging(emsp, first);
    await it.highest(4);
    expect(await (await emsp.set(session, upTo(8))).later).toEqual({ result: 'ACCEPTED' });
    await second.plugIn(1, { car: buildCar(), idToken: badge });
    await it.highest(20);
    expect([currentOf(first), currentOf(second)]).toEqual([8, 12]);
    const pushed = emsp.nextPush(session);
    await it.world.node().imposeLimit('garage', { a: amperes(12) });
    expect(await it.highest(30)).toBeLessThanOrEqual(20);
    expect([currentOf(first), currentOf(second)]).toEqual([6, 6]);
    expect(await it.until(pushed)).toMatchObject({ charging_profile: { charging_profile_period: [{ limit: 6 }] } });
  });
});

test.each(stores)('an imposed limit survives a restart, and can be lifted (%s)', async (store) => {
  await using it = await openGarage(store);
  const node = () => it.world.node();
  await it.stations[0].plugIn(1, { car: buildCar(), idToken: badge });
  await it.limited('CP-16-1', 20);
  const lowered = it.limited('CP-16-1', 9);
  await node().imposeLimit('GARAGE', { a: amperes(9) });
  await lowered;
  expect(currentOf(it.stations[0])).toBe(9);
  await it.world.restart();
  const again = it.world.nextStep('site-limit-answered', ({ evse, current }) => evse === 'CP-16-1' && current === 9);
  await Promise.all(it.stations.map((station) => station.reconnect())); // before time passes: the node allows 10 s for a connection
  await it.until(again);
  expect(currentOf(it.stations[0])).toBe(9);
  const lifted = it.limited('CP-16-1', 20);
  await node().imposeLimit('garage', undefined);
  await lifted;
  expect(currentOf(it.stations[0])).toBe(16);
  const unknown = { ok: false, problem: 'found cellar, and no site has such a node; there are garage' };
  expect(await node().imposeLimit('cellar', undefined)).toEqual(unknown);
});

test('an offline station counts with its last confirmed limit, and the others share the rest', async () => {
  await using it = await openGarage('sqlite');
  const [first, second] = it.stations;
  await first.plugIn(1, { car: buildCar(), idToken: badge });
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(20);
  expect([currentOf(first), currentOf(second)]).toEqual([10, 10]);
  first.drop();
  await it.highest(3);
  await it.world.node().imposeLimit('garage', { a: amperes(16) });
  await it.highest(20);
  expect([currentOf(first), currentOf(second)]).toEqual([10, 6]);
  await first.reconnect();
  await it.highest(20);
  expect([currentOf(first), currentOf(second)]).toEqual([8, 8]);
});

test('a car that draws more than its limit is reported, and the others get less', async () => {
  await using it = await openGarage('sqlite');
  const [first, second] = it.stations;
  await first.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(20);
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  first.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Accepted' } } } });
  await it.highest(180);
  expect(it.world.steps).toContainEqual(expect.objectContaining({ step: 'site-deviation', site: 'garage', evse: 'CP-16-1', measured: 16 }));
  expect(it.world.steps).toContainEqual(
    expect.objectContaining({ step: 'site-exceeded', site: 'garage', where: expect.stringContaining('garage on phase R') }),
  );
});

test('a watched file imposes limits; a file with an error changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  const file = join(folder, 'limits.yaml');
  writeFileSync(file, 'garage: { a: 11 }\n');
  await using it = await openGarage('sqlite', { site_limits: file });
  const [station] = it.stations;
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(10);
  expect(currentOf(station)).toBe(11);
  writeFileSync(file, 'garage/nowhere: { a: 3 }\n');
  await it.highest(15);
  expect(currentOf(station)).toBe(11);
  writeFileSync(file, 'garage: { w: 4830 }  # 7 A on three phases\n');
  await it.highest(15);
  expect(currentOf(station)).toBe(7);
});

test('R-21: a station with two EVSEs is limited at each EVSE, also below the profile of a session, and alone at a later moment', async () => {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const duoEvses = ['L', 'R'].map((side, n) => ({
    uid: `DUO-${side}`,
    evse_id: n + 1,
    connector_id: 1,
    power_type: 'AC_3_PHASE' as const,
    max_voltage: 230,
    max_amperage: 32,
  }));
  const duo = { id: 'DUO', password: '0123456789abcdef', location_id: 'LOC1', evses: duoEvses };
  const site: Site = { ...SITE, evses: duoEvses.map(({ uid }) => ({ uid })) };
  await using world = await openWorld({ clock, config: { sites: [site], charge_points: [duo] } });
  const evses = duoEvses.map((_, n) => ({ evseId: n + 1, connectorId: 1, powerType: 'AC_3_PHASE' as const, maxVoltage: volts(230), maxAmperage: amperes(32) }));
  await using station = await plugInStation({
    id: duo.id,
    password: duo.password,
    version: '2.0.1',
    evses,
    url: `ws://127.0.0.1:${world.node().ocppPort}/ocpp`,
    clock,
  });
  let highest = 0;
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      highest = Math.max(highest, (station.power(1) + station.power(2)) / W_PER_A);
    }
  };
  const emsp = await world.emsp();
  await pass(3);
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  await pass(5);
  const session = String((await emsp.session(({ status }) => status === 'ACTIVE')).id);
  expect(await (await emsp.set(session, upTo(15))).later).toEqual({ result: 'ACCEPTED' });
  await pass(5);
  expect(currentOf(station)).toBe(15);
  await station.plugIn(2, { car: buildCar(), idToken: badge });
  await pass(20);
  expect([currentOf(station, 1), currentOf(station, 2)]).toEqual([10, 10]);
  expect(await (await emsp.set(session, upTo(14))).later).toEqual({ result: 'ACCEPTED' });
  await pass(5);
  expect(station.power(1) / W_PER_A).toBeLessThanOrEqual(10);
  expect(await (await emsp.set(session, upTo(7))).later).toEqual({ result: 'ACCEPTED' });
  await pass(20);
  expect([currentOf(station, 1), currentOf(station, 2)]).toEqual([7, 13]);
  await world.node().imposeLimit('garage', { a: 20, trusted_for: 120, fallback: { a: 12 } });
  await pass(20);
  expect([currentOf(station, 1), currentOf(station, 2)]).toEqual([7, 13]);
  station.drop();
  await pass(60);
  expect([currentOf(station, 1), currentOf(station, 2)]).toEqual([6, 6]);
  expect(highest).toBeLessThanOrEqual(20);
});

test('the operator API and the command line show a site, impose limits and lift them; an unknown site node is NOT_FOUND', async () => {
  await using it = await openGarage('sqlite');
  const client = await openApiClient(it.world.node());
  await it.stations[0].plugIn(1, { car: buildCar(), idToken: badge });
  await it.limited('CP-16-1', 20);
  await it.highest(3);
  const shown = await client.request('GET sites');
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
  const env = { EVENKEEL_URL: it.world.node().publicUrl, EVENKEEL_KEY: client.key };
  expect(await runCommandWith({ env }, 'sites', 'limit', 'garage', '9A', '--json')).toMatchObject({ code: 0 });
  await it.limited('CP-16-1', 9);
  expect((await client.request('GET sites')).body).toMatchObject({ items: [{ nodes: [{ limit: { a: 9 }, imposed: { a: 9 } }] }] });
  expect(await client.request('PUT sites/limits?node=garage/attic', { a: 3 })).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND', message: 'found garage/attic, and no site has such a node; there are garage' } },
  });
  expect((await client.request('PUT sites/limits?node=garage', { a: -1 })).status).toBe(400);
  await it.highest(70);
  expect((await client.request('GET load')).body).toMatchObject({
    sites: [{ location_id: 'LOC1', sessions: 1, limit_watts: 9 * W_PER_A, load: expect.arrayContaining([[expect.any(Number), 9 * W_PER_A]]) }],
  });
  const lifted = it.limited('CP-16-1', 20);
  expect((await client.request('DELETE sites/limits?node=Garage')).status).toBe(200);
  await lifted;
});
