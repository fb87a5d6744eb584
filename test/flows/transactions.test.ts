import { describe, expect, test } from 'vitest';
import { type ChargePoint, virtualClock } from '../../sim/index.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, type StoreKind, stores } from '../world.ts';

const CHARGES = { connectorId: 1, errorCode: 'NoError', status: 'Charging' };
const AVAILABLE = { connectorId: 1, errorCode: 'NoError', status: 'Available' };

const described: Config['locations'][number] = {
  id: 'LOC1',
  address: 'Keizersgracht 1',
  city: 'Amsterdam',
  country: 'NLD',
  coordinates: { latitude: '52.37403', longitude: '4.88969' },
  time_zone: 'Europe/Amsterdam',
  publish: true,
};

/** A node with an OCPP 1.6 station that says only what the test makes it say. */
async function openBare(store: StoreKind) {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ store, clock, config: { locations: [described] } }));
  const emsp = await world.emsp();
  const station = await world.station('CP-16');
  const timestamp = () => new Date(clock.now()).toISOString();
  const kept = stack.move();
  return {
    world,
    emsp,
    clock,
    station,
    start: async (meterStart: number) => {
      const payload = { connectorId: 1, idTag: badge.uid, meterStart, timestamp: timestamp() };
      return Number(fieldsOf(payloadOf(await station.call('StartTransaction', payload))).transactionId);
    },
    meter: (wh: number, more: object = {}) =>
      station.call('MeterValues', { connectorId: 1, meterValue: [{ timestamp: timestamp(), sampledValue: [{ value: String(wh), unit: 'Wh' }] }], ...more }),
    stop: (transactionId: number, meterStop: number) => station.call('StopTransaction', { transactionId, meterStop, timestamp: timestamp() }),
    says: (status: object) => station.call('StatusNotification', { ...status, timestamp: timestamp() }),
    sessions: async () => (await world.node().sessions()).items,
    /** The session that the eMSP gets when it asks for it, once it has this energy. */
    read: async (kwh: number) => {
      await world.firstStep('session-changed', (it) => it.kwh === kwh);
      return (await emsp.pullSessions()).find((it) => it.kwh === kwh);
    },
    /** Resolves when the eMSP sees the EVSE with this status. */
    evseIs: (status: string) => emsp.location(({ evses }) => listOf(evses).some((it) => it.uid === 'CP-16-1' && it.status === status)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const payloadOf = (answer: Awaited<ReturnType<ChargePoint['call']>>) => (answer.ok ? answer.payload : undefined);

describe.each(stores)('transactions of which a charge point says too little (%s)', (store) => {
  test('F-01, F-05: meter values with transaction id 0, or with none after a restart of the node, count for the transaction at the connector', async () => {
    await using it = await openBare(store);
    await it.start(1_000);
    await it.meter(1_500, { transactionId: 0 });
    expect(await it.read(0.5)).toBeDefined();
    await it.world.restart();
    await it.station.reconnect();
    await it.meter(1_800);
    await it.says(CHARGES);
    expect((await it.read(0.8))?.status).toBe('ACTIVE');
    expect(await it.sessions()).toHaveLength(1);
  });

  test('F-02, F-03: a start at the same connector ends what ran there, and a stop without an id ends the new one', async () => {
    await using it = await openBare(store);
    await it.start(1_000);
    await it.meter(1_800, { transactionId: -1 });
    const first = String((await it.read(0.8))?.id);
    it.station.drop();
    await it.world.firstStep('station-disconnected');
    await it.clock.advance(60_000);
    await it.station.reconnect();
    await it.station.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    await it.says(AVAILABLE);
    await it.evseIs('AVAILABLE');
    await it.start(2_000);
    const closed = await it.emsp.session(({ status }) => status === 'COMPLETED');
    expect(closed).toMatchObject({ id: first, kwh: 0.8, end_date_time: '2026-01-31T09:00:00.000Z' });
    expect((await it.emsp.set(first, upTo(10))).result).toBe('REJECTED');
    expect((await it.sessions()).map((view) => view.closed_without_end)).toEqual([undefined, expect.stringContaining('another transaction began')]);
    await it.stop(0, 2_500);
    await it.says(AVAILABLE);
    expect(await it.emsp.session(({ id, status }) => id !== first && status === 'COMPLETED')).toMatchObject({ kwh: 0.5 });
    await it.evseIs('AVAILABLE');
  });

  test('F-03: an available connector ends it after two seconds, also over a restart of the node; a later end is shown to the operator', async () => {
    await using it = await openBare(store);
    const id = await it.start(1_000);
    await it.meter(1_800, { transactionId: id });
    expect(await it.read(0.8)).toBeDefined();
    await it.clock.advance(60_000);
    await it.says(AVAILABLE);
    await it.world.restart(async () => void (await it.clock.advance(10_000)));
    await it.clock.advance(2_000);
    expect(await it.emsp.session(({ status }) => status === 'COMPLETED')).toMatchObject({ kwh: 0.8 });
    await it.station.reconnect();
    await it.stop(id, 3_000);
    expect(await it.world.firstStep('session-end-too-late')).toMatchObject({ kwh: 0.8, later: 2 });
    expect((await it.sessions())[0]?.closed_without_end).toBe(
      'the connector is available; energy of the register at 2026-01-31T09:00:00.000Z; the end came later, with 2 kWh',
    );
  });

  test('F-03: an end that comes within two seconds counts', async () => {
    await using it = await openBare(store);
    const id = await it.start(1_000);
    await it.emsp.session(({ status }) => status === 'ACTIVE');
    await it.clock.advance(60_000);
    await it.says(AVAILABLE);
    await it.stop(id, 3_000);
    expect(await it.emsp.session(({ status }) => status === 'COMPLETED')).toMatchObject({ kwh: 2 });
    await it.clock.advance(5_000);
    expect((await it.sessions()).map(({ session, closed_without_end: closed }) => [session.kwh, closed])).toEqual([[2, undefined]]);
  });
});
