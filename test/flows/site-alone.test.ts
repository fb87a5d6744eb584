import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCar, type ChargePoint } from '../../sim/index.ts';
import { runCommandWith } from '../command.ts';
import { errorOf, openApiClient } from '../operator-api.ts';
import { badge } from '../world.ts';
import { currentOf, openGarage, SITE } from './garage.fixture.ts';

const TEN_MINUTES = 600;
const sumOf = (stations: readonly ChargePoint[]) => stations.reduce((sum, it) => sum + currentOf(it), 0);

describe('without the node', () => {
  test('R-21: a scheduled cut happens at its minute: the charge points have it since before', async () => {
    const schedule = [
      { from: '00:00', a: 20 },
      { from: '10:10', a: 13 },
      { from: '10:14', a: 20 },
    ];
    await using it = await openGarage('sqlite', { sites: [{ ...SITE, schedule }] });
    for (const station of it.stations.slice(0, 2)) await station.plugIn(1, { car: buildCar(), idToken: badge });
    await it.highest(60);
    expect(it.stations.map((station) => currentOf(station))).toEqual([10, 10, 0]);
    await it.world.restart(async () => {
      const seen = new Map<number, number>();
      for (let at = 64; at < 64 + TEN_MINUTES * 2; at++) {
        await it.clock.advance(1_000);
        seen.set(at, sumOf(it.stations));
      }
      const most = (from: number, to: number) => Math.max(...[...seen].filter(([at]) => at >= from && at < to).map(([, sum]) => sum));
      expect([most(64, 540), most(545, 900), most(900, 1_200)]).toEqual([20, 13, 20]); // from 10:09 to 10:15
    });
  });

  test('R-22: a limit that was trusted for 15 min falls to the second one, and is renewed with each command until then', async () => {
    await using it = await openGarage('sqlite', { sites: [{ ...SITE, limit: { a: 32 } }] });
    const [station] = it.stations;
    const client = await openApiClient(it.world.node());
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    const trusted = { a: 15, trusted_for: 900, fallback: { a: 7 } };
    expect(await client.request('PUT sites/limits?node=garage', trusted)).toMatchObject({ status: 200 });
    await it.limited('CP-16-1', 15);
    await it.highest(600);
    const env = { EVENKEEL_URL: it.world.node().publicUrl, EVENKEEL_KEY: client.key };
    expect(await runCommandWith({ env }, 'sites', 'limit', 'garage', '15A', '--trusted-for', '15m', '--fallback', '7A', '--json')).toMatchObject({ code: 0 });
    expect(await it.highest(830)).toBe(15);
    expect((await client.request('GET sites')).body).toMatchObject({ items: [{ nodes: [{ imposed: { a: 15 }, coming: [{ limit: { a: 7 } }] }] }] });
    await it.world.restart(async () => {
      await it.highest(60);
      expect(currentOf(station)).toBe(7);
      await it.highest(TEN_MINUTES);
      expect(currentOf(station)).toBe(7);
    });
  });

  test('an imposed limit ends at its end, a minute late, and never above the limit of the site', async () => {
    await using it = await openGarage('sqlite');
    const [station] = it.stations;
    const client = await openApiClient(it.world.node());
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    await client.request('PUT sites/limits?node=garage', { a: 8, until: '2026-01-31T10:05:00Z' });
    await it.limited('CP-16-1', 8);
    await it.world.restart(async () => {
      await it.highest(240);
      expect(currentOf(station)).toBe(8);
      await it.highest(130);
      expect(currentOf(station)).toBe(16); // the most of the car
    });
  });
});

test('a limit in a file may be trusted for a time, which begins whenever the file is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  const file = join(folder, 'limits.yaml');
  await using it = await openGarage('sqlite', { site_limits: file, sites: [{ ...SITE, limit: { a: 32 } }] });
  const write = (text: string) => {
    writeFileSync(file, text);
    utimesSync(file, it.clock.now() / 1_000, it.clock.now() / 1_000);
  };
  const [station] = it.stations;
  write('garage: { a: 14, trusted_for: 300, fallback: { a: 6 } }\n');
  await station.plugIn(1, { car: buildCar(), idToken: badge });
  await it.highest(200);
  expect(currentOf(station)).toBe(14);
  write('garage: { a: 14, trusted_for: 300, fallback: { a: 6 } }\n');
  await it.highest(200);
  expect(currentOf(station)).toBe(14);
  await it.highest(60);
  expect(currentOf(station)).toBe(6);
  write('garage: { a: 14, trusted_for: 300 }\n');
  await it.highest(5);
  expect(currentOf(station)).toBe(6);
});

describe('the meter of a building', () => {
  const METER = { ...SITE, limit: { a: 40 }, meter: { fallback: { a: 9 }, margin: 2 } };

  test('R-22: leaves its cars the rest of the limit, on the phase with the least; without news for a minute the fallback holds, without the node too', async () => {
    await using it = await openGarage('sqlite', { sites: [METER] });
    const [station] = it.stations;
    const client = await openApiClient(it.world.node());
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    await it.limited('CP-16-1', 9);
    const measure = async (seconds: number, a: readonly number[]) => {
      for (let n = 0; n < seconds; n += 5) {
        expect((await client.request('PUT sites/garage/meter', { a })).status).toBe(200);
        await it.highest(5);
      }
    };
    await measure(120, [20, 24.5, 3]);
    expect(currentOf(station)).toBe(13.5);
    expect((await client.request('GET sites')).body).toMatchObject({
      items: [{ nodes: [{ limit: { a: 40 }, building: { a: [22, 26.5, 5] }, coming: [{ limit: { a: 9 }, building: false }] }] }],
    });
    const sent = () => it.world.steps.filter(({ step }) => step === 'site-limit-sent').length;
    const before = sent();
    await measure(60, [20.3, 24.9, 3]);
    expect(sent() - before).toBeLessThanOrEqual(3); // renewals; noise sends nothing
    expect(currentOf(station)).toBe(13.5);
    expect((await client.request('GET audit')).text).not.toContain('measure-building');
    await it.highest(60);
    expect(currentOf(station)).toBe(9);
    expect(it.world.steps).toContainEqual(expect.objectContaining({ step: 'site-meter-silent', where: 'garage' }));
    await measure(20, [20.3, 24.9, 3]);
    expect(currentOf(station)).toBe(13.1);
    expect(it.world.steps).toContainEqual(expect.objectContaining({ step: 'site-meter-back', where: 'garage' }));
    await it.world.restart(async () => {
      await it.highest(60);
      expect(currentOf(station)).toBe(9);
      await it.highest(TEN_MINUTES);
      expect(currentOf(station)).toBe(9);
    });
  });

  test('refuses what is no reading: what was found, and what is allowed', async () => {
    const north = { name: 'north', evses: SITE.evses ?? [] };
    const { evses: _, ...root } = METER;
    await using it = await openGarage('sqlite', { sites: [{ ...root, children: [north] }] });
    const client = await openApiClient(it.world.node());
    const put = async (path: string, body: object) => {
      const answer = await client.request(`PUT sites/${path}/meter`, body);
      return [answer.status, errorOf(answer).message];
    };
    expect(await put('cellar', { w: 1 })).toEqual([404, 'found cellar, and no site has such a node; with a meter there are garage']);
    expect(await put('garage%2Fnorth', { w: 1 })).toEqual([
      409,
      'found garage/north, which has no meter in the configuration; with a meter there are garage. Add meter: { fallback: { a: … } } to the node',
    ]);
    expect(await put('garage', { at: '2026-01-31T10:00:00Z' })).toEqual([400, 'a: missing, allowed: a (A on L1, L2 and L3), w (W over all phases), or both']);
    expect(await put('garage', { w: 1, at: 'now' })).toEqual([400, 'at: found "now", allowed: a date and time with its zone, such as 2026-01-31T09:30:00Z']);
    expect(await put('garage', { w: 1, at: '2026-01-31T09:58:00Z' })).toEqual([
      400,
      expect.stringMatching(/^at: is 12\d s old, allowed are less than 60 s: send each reading at once$/),
    ]);
    expect(await put('garage', { w: 1, at: '2026-01-31T10:58:00Z' })).toEqual([
      400,
      expect.stringMatching(/^at: is \d+ s ahead of this node, allowed are 60 s/),
    ]);
    expect((await put('garage', { a: [1, 2] }))[0]).toBe(400);
    const viewer = await openApiClient(it.world.node(), 'view');
    expect((await viewer.request('PUT sites/garage/meter', { w: 1 })).status).toBe(403);
    const limit = async (body: object) => errorOf(await client.request('PUT sites/limits?node=garage', body)).message;
    expect(await limit({ a: 5, until: '2025-01-01T00:00:00Z' })).toBe(
      'until: found "2025-01-01T00:00:00Z", which has passed: name a later moment, or lift the limit',
    );
    expect(await limit({ a: 5, trusted_for: 900 })).toMatch(/^fallback: is missing/);
  });
});
