import { describe, expect, test } from 'vitest';
import { clearRequest, compositeRequest, dial, openWorld, order, setRequest, stationOf } from './bare-station.fixture.ts';
import type { OcppVersion } from './station.ts';

const NO_ANSWER = {};
const START = '2026-03-10T07:30:00Z';

describe('OCPP 1.6: the whole way over a socket', () => {
  test('CP-15: a set profile goes out as SetChargingProfile, and Accepted comes back as ACCEPTED', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    await station.tell('Heartbeat', {});
    const answer = stationOf(world).send(order(world, setRequest));
    const [type, id, action, payload] = await station.hear();
    station.say(3, id, { status: 'Accepted' });
    expect([type, action, payload]).toEqual([
      2,
      'SetChargingProfile',
      {
        connectorId: 1,
        csChargingProfiles: {
          chargingProfileId: 42,
          transactionId: 7,
          stackLevel: 1,
          chargingProfilePurpose: 'TxProfile',
          chargingProfileKind: 'Absolute',
          chargingSchedule: { duration: 900, startSchedule: START, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
        },
      },
    ]);
    expect(await answer).toEqual({ is: 'ACCEPTED' });
  });
  test('a transaction is named by the node, metered and ended', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    const started = await station.tell('StartTransaction', { connectorId: 1, idTag: 'GOOD', meterStart: 1000, timestamp: START });
    expect(started[2]).toEqual({ transactionId: 7, idTagInfo: { status: 'Accepted' } });
    const metered = await station.tell('MeterValues', { connectorId: 1, meterValue: [{ timestamp: START, sampledValue: [{ value: '1.5', unit: 'kWh' }] }] });
    expect(metered[2]).toEqual(NO_ANSWER);
    await station.tell('StopTransaction', { transactionId: 7, meterStop: 2000, timestamp: START, reason: 'Local' });
    expect(world.host.events.map(({ kind }) => kind)).toEqual(['transaction-started', 'transaction-updated', 'transaction-ended']);
    expect(world.host.events[1]).toMatchObject({ evseId: 1, transactionId: '7', readings: [{ energy: 1500 }] });
  });
});

describe.each<[OcppVersion, string]>([
  ['2.0.1', 'ocpp2.0.1'],
  ['2.1', 'ocpp2.1'],
])('OCPP %s: the whole way over a socket', (version, protocols) => {
  test('set, composite and clear', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols });
    await station.tell('Heartbeat', {});
    expect(stationOf(world).version).toBe(version);
    const set = stationOf(world).send(order(world, setRequest));
    const [, setId, , payload] = await station.hear();
    expect(payload).toMatchObject({ evseId: 1, chargingProfile: { id: 42, transactionId: '7', chargingSchedule: [{ id: 1 }] } });
    station.say(3, setId, { status: 'Accepted' });
    expect(await set).toEqual({ is: 'ACCEPTED' });
    const composite = stationOf(world).send(order(world, compositeRequest));
    const [, compositeId] = await station.hear();
    const schedule = { evseId: 1, duration: 600, scheduleStart: START, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] };
    station.say(3, compositeId, { status: 'Accepted', schedule });
    expect(await composite).toMatchObject({ is: 'ACCEPTED', activeProfile: { unit: 'A', duration: 600, periods: [{ start: 0, limit: 10 }] } });
    const clear = stationOf(world).send(order(world, clearRequest));
    const [, clearId, action, cleared] = await station.hear();
    expect([action, cleared]).toEqual(['ClearChargingProfile', { chargingProfileId: 42 }]);
    station.say(3, clearId, { status: 'Unknown' });
    expect(await clear).toEqual({ is: 'UNKNOWN' });
  });
  test('a transaction with its token and its readings', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols });
    const told = {
      eventType: 'Started',
      timestamp: START,
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: 'GOOD', type: 'ISO14443' },
      meterValue: [{ timestamp: START, sampledValue: [{ value: 1.5, unitOfMeasure: { unit: 'kWh' } }] }],
    };
    const answer = await station.tell('TransactionEvent', told);
    expect(answer[2]).toEqual({ idTokenInfo: { status: 'Accepted' } });
    expect(world.host.events).toMatchObject([{ kind: 'transaction-started', evseId: 1, transactionId: 'tx-1', charging: true, readings: [{ energy: 1500 }] }]);
  });
});
