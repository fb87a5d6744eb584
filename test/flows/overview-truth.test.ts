import { describe, expect, test } from 'vitest';
import { buildCar, virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { letNodesWork, letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, type StoreKind, stores } from '../world.ts';
import { openGarage, W_PER_A } from './garage.fixture.ts';

const START = Date.UTC(2026, 0, 31, 9);
const accepts = { SetChargingProfile: { is: 'answer', payload: { status: 'Accepted' } } } as const;
const computes = { ...accepts, GetCompositeSchedule: { is: 'call-error', code: 'NotImplemented' } } as const;

/** An OCPP 1.6 station that says what the test makes it say, with a session of its eMSP. */
async function openSaid(store: StoreKind) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(START));
  const world = stack.use(await openWorld({ store, clock }));
  const emsp = await world.emsp();
  const point = await world.station('CP-16');
  const url = world.node().publicUrl;
  const until = <T>(event: Promise<T>) => letTimePass(clock, event, url);
  const timestamp = () => new Date(clock.now()).toISOString();
  await point.call('StartTransaction', { connectorId: 1, idTag: badge.uid, meterStart: 0, timestamp: timestamp() });
  await point.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging', timestamp: timestamp() });
  const session = String((await until(emsp.session(({ status }) => status === 'ACTIVE'))).id);
  const api = await openApiClient(world.node());
  const read = async (path: string): Promise<Record<string, unknown>> => (await api.request(`GET ${path}`)).body;
  const kept = stack.move();
  return {
    ...{ world, clock, emsp, point, session, until, read },
    draws: async (watts: number, wh: number) => {
      const sampledValue = [
        { measurand: 'Energy.Active.Import.Register', value: String(wh), unit: 'Wh' },
        { measurand: 'Power.Active.Import', value: String(watts), unit: 'W' },
      ];
      await point.call('MeterValues', { connectorId: 1, meterValue: [{ timestamp: timestamp(), sampledValue }] });
      await letNodesWork(url);
    },
    /** Lets time pass in steps that the jobs of the node can follow: a node that seems not to work is an alarm too. */
    pass: async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 5) {
        await clock.advance(5_000);
        await letNodesWork(url);
      }
    },
    /** Overviews are kept for 2 s. */
    overview: async () => {
      await clock.advance(2_000);
      return read('overview');
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

describe.each(stores)('what the node says of its sessions (%s)', (store) => {
  test('CON-D01, CON-D03: a car above its limit is shown after its time to react, in session, overview and metrics, and over with the next reading below', async () => {
    await using it = await openSaid(store);
    it.point.behave({ answers: computes });
    const pushed = it.emsp.nextPush(it.session);
    await it.until((await it.emsp.set(it.session, upTo(10))).later);
    await it.until(pushed);
    await it.draws(11_000, 10);
    expect((await it.read(`sessions/${it.session}`)).metered_above_limit).toBeUndefined();
    expect(await it.overview()).toMatchObject({ load: { watts: 11_000, sessions: 1, locations: 1 }, deviations: { count: 0, items: [] }, alarms: 0 });
    await it.pass(40);
    await it.draws(11_000, 130);
    expect((await it.read(`sessions/${it.session}`)).metered_above_limit).toMatchObject({ measured: 11_000, limit: 6_900, unit: 'W' });
    const full = `NL*EVK*${it.session.toUpperCase()}`;
    expect(await it.overview()).toMatchObject({
      deviations: { count: 1, items: [{ session: full, station: 'CP-16', kind: 'above-limit', says: 'draws 11 kW, more than its limit of 6.9 kW' }] },
      alarms: 1,
    });
    expect(await (await fetch(`${it.world.node().operatorUrl}/metrics`)).text()).toContain('ocpp_metered_above_limit_total 1');
    await it.draws(6_800, 140);
    expect((await it.read(`sessions/${it.session}`)).metered_above_limit).toBeUndefined();
    expect(await it.overview()).toMatchObject({ load: { watts: 6_800 }, deviations: { count: 0 } });
  });

  test('CON-D02: a charge point that reports a higher limit than it accepted is a deviation of the overview', async () => {
    await using it = await openSaid(store);
    const deviates = it.world.firstStep('deviation');
    it.point.behave({ answers: accepts });
    await it.until((await it.emsp.set(it.session, upTo(10))).later);
    await it.until(deviates);
    expect((await it.read(`sessions/${it.session}`)).deviation).toMatchObject({ how: 'above' });
    expect(await it.overview()).toMatchObject({
      deviations: { count: 1, items: [{ kind: 'deviation', says: 'the charge point reports 32 A, above the 10 A that it accepted' }] },
    });
  });

  test('CON-D08: a charge point is heard at its last message, and away it makes its sessions stale', async () => {
    await using it = await openSaid(store);
    await it.clock.advance(50_000);
    await it.point.call('Heartbeat', {});
    const heard = new Date(it.clock.now()).toISOString();
    expect((await it.read('stations/CP-16')).heard_at).toBe(heard);
    expect((await it.read(`sessions/${it.session}`)).stale_since).toBeUndefined();
    await it.clock.advance(20_000);
    const gone = it.world.firstStep('station-disconnected');
    await it.point[Symbol.asyncDispose]();
    await it.until(gone);
    await letNodesWork(it.world.node().publicUrl);
    const health = { state: 'away', reason: 'it is not connected' };
    expect(await it.read('stations/CP-16')).toMatchObject({ heard_at: heard, health, sessions: [{ stale_since: heard }] });
    expect(await it.read(`sessions/${it.session}`)).toMatchObject({ stale_since: heard });
    expect((await it.read('sessions')).items).toMatchObject([{ stale_since: heard }]);
    expect(await it.overview()).toMatchObject({ unhealthy: [{ station: 'CP-16', reason: 'it is not connected' }] });
    // a node that starts again knows it from its store
    await it.world.restart();
    const api = await openApiClient(it.world.node());
    expect((await api.request(`GET sessions/${it.session}`)).body).toMatchObject({ stale_since: heard });
  });

  test('CON-D09: a charge point that refuses each limit is not healthy, until it accepts one', async () => {
    await using it = await openSaid(store);
    it.point.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Rejected' } } } });
    const refused = async () => it.until((await it.emsp.set(it.session, upTo(10))).later);
    await refused();
    expect((await it.read('stations/CP-16')).health).toEqual({ state: 'healthy' });
    await refused();
    const reason = 'it refused the last 2 limits; its last answer: REJECTED (Rejected)';
    expect((await it.read('stations/CP-16')).health).toEqual({ state: 'refuses-limits', reason });
    expect(await it.overview()).toMatchObject({ unhealthy: [{ station: 'CP-16', reason }], alarms: 1 });
    it.point.behave({ answers: accepts });
    await refused();
    expect((await it.read('stations/CP-16')).health).toEqual({ state: 'healthy' });
  });
});

describe('figures over all sessions', () => {
  test('CON-D03: the load of the overview is the sum over all sessions and the same after a restart of the node', async () => {
    await using it = await openGarage('sqlite');
    for (const one of it.stations) await one.plugIn(1, { car: buildCar(), idToken: badge });
    await it.highest(130);
    const api = await openApiClient(it.world.node());
    const { load } = (await api.request('GET overview')).body as { load: { watts: number; sessions: number } };
    const { items } = (await api.request('GET sessions')).body as { items: { power: number }[] };
    expect(load).toEqual({ watts: items.reduce((sum, { power }) => sum + power, 0), sessions: 3, locations: 1 });
    await it.world.restart();
    const again = await openApiClient(it.world.node());
    expect((await again.request('GET overview')).body.load).toEqual(load);
  });

  test('CON-D05: the chart of a session names the node of its site and shows what it allowed in the past; that of an ended session ends', async () => {
    await using it = await openGarage('sqlite');
    const [first, second] = it.stations;
    await first.plugIn(1, { car: buildCar(), idToken: badge });
    await it.highest(30);
    await second.plugIn(1, { car: buildCar(), idToken: badge });
    await it.highest(60);
    const api = await openApiClient(it.world.node());
    const { items } = (await api.request('GET sessions')).body as { items: { key: string; station: string }[] };
    const key = items.find(({ station }) => station === 'CP-16')?.key;
    type Series = { to: string; site: object; lines: Record<string, [number, number | null][]> };
    const series = async () => (await api.request(`GET sessions/${key}/series`)).body as unknown as Series;
    const running = await series();
    expect(running.site).toEqual({ node: 'garage', a: 10, w: 10 * W_PER_A });
    const limits = running.lines.limit ?? [];
    expect(limits.map(([, watts]) => watts)).toEqual(expect.arrayContaining([20 * W_PER_A, 10 * W_PER_A]));
    expect(limits.at(0)?.[0]).toBeLessThan(it.clock.now() / 1000 - 60);
    await first.unplug(1);
    await it.highest(60);
    const over = await series();
    const end = Date.parse(over.to) / 1000;
    expect(Object.values(over.lines).flatMap((line) => line.filter(([at]) => at > end))).toEqual([]);
    expect(over.lines.limit?.at(-1)).toEqual([end, null]);
  });
});
