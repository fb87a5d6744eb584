import { describe, expect, test } from 'vitest';
import { clearRequest, compositeRequest, connectStation, openWorld, order, setRequest, stationOf } from './bare-station.fixture.ts';
import type { OcppVersion } from './station.ts';

const NO_ANSWER = {};
const START = '2026-03-10T07:30:00Z';

describe('OCPP 1.6 over a real socket', () => {
  test('CP-15: a set request is sent as SetChargingProfile, and Accepted becomes ACCEPTED', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    await station.call('Heartbeat', {});
    const answer = stationOf(world).send(order(world, setRequest));
    const [type, id, action, payload] = await station.nextFrame();
    station.sendFrame(3, id, { status: 'Accepted' });
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
  test('the node assigns the transaction id and receives the start, the readings and the end', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    const started = await station.call('StartTransaction', { connectorId: 1, idTag: 'GOOD', meterStart: 1000, timestamp: START });
    expect(started[2]).toEqual({ transactionId: 7, idTagInfo: { status: 'Accepted' } });
    const metered = await station.call('MeterValues', { connectorId: 1, meterValue: [{ timestamp: START, sampledValue: [{ value: '1.5', unit: 'kWh' }] }] });
    expect(metered[2]).toEqual(NO_ANSWER);
    await station.call('StopTransaction', { transactionId: 7, meterStop: 2000, timestamp: START, reason: 'Local' });
    expect(world.host.events.map(({ kind }) => kind)).toEqual(['transaction-started', 'transaction-updated', 'transaction-ended']);
    expect(world.host.events[1]).toMatchObject({ evseId: 1, idsAreOurs: true, readings: [{ energy: 1500 }] });
  });
});

describe.each<[OcppVersion, string]>([
  ['2.0.1', 'ocpp2.0.1'],
  ['2.1', 'ocpp2.1'],
])('OCPP %s over a real socket', (version, protocols) => {
  test('set, get composite and clear are sent and answered', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols });
    await station.call('Heartbeat', {});
    expect(stationOf(world).version).toBe(version);
    const set = stationOf(world).send(order(world, setRequest));
    const [, setId, , payload] = await station.nextFrame();
    expect(payload).toMatchObject({ evseId: 1, chargingProfile: { id: 42, transactionId: '7', chargingSchedule: [{ id: 1 }] } });
    station.sendFrame(3, setId, { status: 'Accepted' });
    expect(await set).toEqual({ is: 'ACCEPTED' });
    const composite = stationOf(world).send(order(world, compositeRequest));
    const [, compositeId] = await station.nextFrame();
    const schedule = { evseId: 1, duration: 600, scheduleStart: START, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] };
    station.sendFrame(3, compositeId, { status: 'Accepted', schedule });
    expect(await composite).toMatchObject({ is: 'ACCEPTED', activeProfile: { unit: 'A', duration: 600, periods: [{ start: 0, limit: 10 }] } });
    const clear = stationOf(world).send(order(world, clearRequest));
    const [, clearId, action, cleared] = await station.nextFrame();
    expect([action, cleared]).toEqual(['ClearChargingProfile', { chargingProfileId: 42 }]);
    station.sendFrame(3, clearId, { status: 'Unknown' });
    expect(await clear).toEqual({ is: 'UNKNOWN' });
  });
  test('a transaction starts with its token and its readings', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols });
    const event = {
      eventType: 'Started',
      timestamp: START,
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: 'GOOD', type: 'ISO14443' },
      meterValue: [{ timestamp: START, sampledValue: [{ value: 1.5, unitOfMeasure: { unit: 'kWh' } }] }],
    };
    const answer = await station.call('TransactionEvent', event);
    expect(answer[2]).toEqual({ idTokenInfo: { status: 'Accepted' } });
    expect(world.host.events).toMatchObject([{ kind: 'transaction-started', evseId: 1, transactionId: 'tx-1', charging: true, readings: [{ energy: 1500 }] }]);
  });
});
