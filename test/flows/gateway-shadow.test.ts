import { describe, expect, test } from 'vitest';
import { buildCar, openCsms, realClock } from '../../sim/index.ts';
import type { Config } from '../../src/node/config/config.ts';
import { runCommandWith } from '../command.ts';
import { letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, type StoreKind, stores } from '../world.ts';
import { currentOf, openGarage, W_PER_A } from './garage.fixture.ts';

type Upstream = NonNullable<NonNullable<Config['ocpp']>['upstream']>;
const upstreamAt = (url: string): Upstream => ({
  url: `${url}/{id}`,
  authorization: 'pass',
  when_away: 'keep',
  keep: { messages: 100, days: 7, authorize: 'tokens' },
  smart_charging: 'strictest',
  mode: 'observe',
});

/** The garage behind a CSMS, and observed. */
async function openObserved(store: StoreKind, config: Partial<Config> = {}) {
  await using stack = new AsyncDisposableStack();
  const csms = stack.use(await openCsms({ clock: realClock() }));
  const garage = stack.use(await openGarage(store, { ocpp: { host: '127.0.0.1', port: 0, security_profile: 1, upstream: upstreamAt(csms.url) }, ...config }));
  const kept = stack.move();
  return { ...garage, csms, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

describe.each(stores)('charge points that are observed (%s)', (store) => {
  test('GW-W01, GW-W03: get nothing from the node; a party gets REJECTED with the reason observing; the report says what would have been sent and lowered', async () => {
    await using it = await openObserved(store);
    const [first, second] = it.stations;
    const emsp = await it.world.emsp();
    const session = await it.world.charging(emsp, first);
    await second.plugIn(1, { car: buildCar(), idToken: badge });
    await it.pass(130);
    const { later } = await emsp.set(session, upTo(8));
    expect(await letTimePass(it.clock, later, it.world.node().publicUrl)).toEqual({ result: 'REJECTED' });
    await it.pass(130);

    expect(it.stations.map((station) => [station.installed(), currentOf(station)])).toEqual([
      [[], 16],
      [[], 16],
      [[], 0],
    ]);
    const api = await openApiClient(it.world.node());
    const { body: exchanges } = await api.request('GET exchanges');
    expect(exchanges.items).toMatchObject([{ kind: 'set', outcome: 'REJECTED', reason: 'observing' }]);

    const { body: report } = await api.request('GET shadow');
    expect(report).toMatchObject({ observed: 3, totals: { requests: { set: 1, clear: 0, get: 0 }, refused: 0 } });
    const { stations, sites, totals } = report as unknown as {
      stations: Record<string, number>[];
      sites: Record<string, number>[];
      totals: Record<string, number>;
    };
    expect(stations).toEqual(expect.arrayContaining([expect.objectContaining({ day: '2026-01-31', station: 'CP-16', site: 'garage' })]));
    expect(sites).toMatchObject([{ day: '2026-01-31', site: 'garage', above_peak_a: 12, above_peak_kw: 0 }]);
    expect(sites[0]?.above_minutes).toBeGreaterThan(1);
    expect(totals.lowered_kwh).toBeGreaterThan(0);
    expect(totals.lowered_peak_kw).toBe((8 * W_PER_A) / 1_000);
    expect(totals.site_limits).toBeGreaterThan(0);

    const { body: requests } = await api.request('GET shadow/requests?station=CP-16');
    const items = requests.items as Record<string, unknown>[];
    expect(items.find(({ kind }) => kind === 'set')).toMatchObject({
      station: 'CP-16',
      evse: 'CP-16-1',
      party: 'NL*MSP',
      session: `NL*EVK*${session.toUpperCase()}`,
      limit_watts: 8 * W_PER_A,
      metered_watts: 16 * W_PER_A,
      lowered_watts: 8 * W_PER_A,
      asked: { profile: { unit: 'A' } },
    });
    expect(items.filter(({ kind }) => kind === 'site-limit')).not.toEqual([]);

    const shell = (...args: string[]) => runCommandWith({ env: { EVENKEEL_URL: it.world.node().publicUrl, EVENKEEL_KEY: api.key } }, ...args);
    const printed = await shell('shadow', 'report');
    expect([printed.code, printed.stderr]).toEqual([0, '']);
    expect(printed.stdout).toContain('; 3 charge points are observed now\nnot sent: 1 set, 0 clear, 0 get, ');
    expect(printed.stdout).toMatch(/\n2026-01-31 +CP-16 +1 +0 +0 +\d+ +0 +\d+\.\d\d kWh +5\.5 kW\n/);
    expect(printed.stdout).toMatch(/\n2026-01-31 +garage +\d+\.\d min +\d+\.\d h +12\.0 A\n/);
    for (const line of printed.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(JSON.parse((await shell('shadow', 'report', '--station', 'CP-201', '--json')).stdout)).toMatchObject({
      stations: [{ station: 'CP-201' }],
      sites: [],
    });
  });
});

test('GW-W02: a site counts an observed car with all that its EVSE carries, and limits the others by what is left; observed EVSEs get no orders', async () => {
  await using it = await openObserved('sqlite');
  const { charge_points: points } = it.world.settings();
  const acts = {
    ...it.world.settings(),
    charge_points: points.map((point) => (point.id === 'CP-16' ? { ...point, upstream: { mode: 'act' as const } } : point)),
  };
  expect(await it.world.node().reload(acts)).toMatchObject({ ok: true, value: { changed: ['charge_points'], refused: [] } });
  await Promise.all(it.stations.map((station) => station.reconnect()));
  const [acting, observed] = it.stations;
  await acting.plugIn(1, { car: buildCar(), idToken: badge });
  await it.pass(30);
  expect(currentOf(acting)).toBe(16);
  await observed.plugIn(1, { car: buildCar(), idToken: badge });
  await it.pass(30);
  // The EVSE of the observed car carries 32 A, more than the 20 A of the site.
  expect([currentOf(acting), currentOf(observed)]).toEqual([0, 16]);
  expect(observed.installed()).toEqual([]);
  expect(it.csms.strays).toEqual([]);
});
