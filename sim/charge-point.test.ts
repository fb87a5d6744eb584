import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildCar } from './battery.ts';
import { openBareNode } from './charge-point/bare-node.fixture.ts';
import { buildRig, evse, idToken, profileFor, type Rig, statusOf, VERSIONS } from './charge-point/rig.fixture.ts';
import { plugInStation } from './charge-point.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await buildRig();
});
afterEach(async () => {
  expect(await rig.close()).toEqual([]);
});

describe.each(VERSIONS)('a simulated station of OCPP %s', (version) => {
  test('boots, sends the status of its EVSEs, and sends heartbeats at the interval of the node', async () => {
    await rig.connect(version);
    expect(rig.calledActions()).toEqual(['BootNotification', 'StatusNotification']);
    await rig.clock.advance(301_000);
    expect(rig.calledActions().at(-1)).toBe('Heartbeat');
  });

  test('charges a car with its maximum, and sends meter values at every interval until it is unplugged', async () => {
    const { station } = await rig.charging(version, { sampleEvery: 60 });
    expect(station.power(1)).toBe(32 * 230 * 3);
    await rig.clock.advance(120_000);
    const car = await station.unplug(1);
    const expected =
      version === '1.6'
        ? ['StartTransaction', 'MeterValues', 'MeterValues', 'StopTransaction']
        : ['TransactionEvent', 'TransactionEvent', 'TransactionEvent', 'TransactionEvent', 'TransactionEvent'];
    expect(rig.calledActions().filter((action) => /Transaction|Meter/.test(String(action)))).toEqual(expected);
    expect((car?.energy ?? 0) - buildCar().energy).toBeCloseTo((32 * 230 * 3 * 120) / 3600, 0);
  });

  test('charges at the lower of the profile and the car’s maximum, and not at all below 6 A', async () => {
    const { station, transaction } = await rig.charging(version);
    expect(statusOf(await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction)))).toBe('Accepted');
    expect(station.power(1)).toBe(10 * 230 * 3);
    const low = { schedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 5.9 }] } };
    await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction, low));
    expect(station.power(1)).toBe(0);
    await station.idle();
    expect(JSON.stringify(rig.node.frames.get('CP1')?.at(-1))).toContain('SuspendedEVSE');
  });

  test('follows the periods of a profile over time', async () => {
    const { station, transaction } = await rig.charging(version);
    const stairs = {
      schedule: {
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 8 },
          { startPeriod: 600, limit: 16 },
        ],
      },
    };
    await rig.node.call('CP1', 'SetChargingProfile', profileFor(version, transaction, stairs));
    await rig.clock.advance(599_000);
    expect(station.power(1)).toBe(8 * 230 * 3);
    await rig.clock.advance(1000);
    expect(station.power(1)).toBe(16 * 230 * 3);
  });

  test('answers an unsupported action with NotSupported, and an unknown one with NotImplemented', async () => {
    await rig.connect(version);
    const action = version === '1.6' ? 'GetInstalledCertificateIds' : 'GetDisplayMessages';
    expect(statusOf(await rig.node.call('CP1', action, { requestId: 1, location: 'http://x' }))).toBe('NotSupported');
    expect(statusOf(await rig.node.call('CP1', 'MakeCoffee', {}))).toBe('NotImplemented');
  });

  test('answers a payload that violates its schema with a CALLERROR', async () => {
    await rig.connect(version);
    expect(statusOf(await rig.node.call('CP1', 'GetCompositeSchedule', { duration: 'long' }))).toMatch(/ConstraintViolation$/);
  });

  test('keeps transaction messages until it is connected again', async () => {
    const { station } = await rig.charging(version);
    station.drop();
    const car = await station.unplug(1);
    expect(car).toBeDefined();
    const ended = rig.node.next('CP1', version === '1.6' ? 'StopTransaction' : 'TransactionEvent');
    await station.reconnect();
    const message = await ended;
    expect(JSON.stringify(message)).toContain('EVDisconnected');
    expect(message.offline).toBe(version === '1.6' ? undefined : true);
  });

  test('sends BootNotification again when its boot is pending', async () => {
    rig.node.setAnswer('BootNotification', { status: 'Pending', currentTime: '2026-06-01T08:00:00Z', interval: 5 });
    const pending = rig.connect(version);
    await rig.node.next('CP1', 'BootNotification');
    rig.node.setAnswer('BootNotification', { status: 'Accepted', currentTime: '2026-06-01T08:00:00Z', interval: 300 });
    await rig.clock.advance(5000);
    await pending;
    expect(rig.calledActions()).toEqual(['BootNotification', 'BootNotification', 'StatusNotification']);
  });

  test('reconnects by itself when the node drops the connection', async () => {
    const station = await rig.connect(version);
    rig.node.hangUp('CP1');
    await rig.clock.advance(2000);
    expect(station.connected).toBe(true);
  });

  test('a local limit lowers the power; only OCPP 2.x reports it', async () => {
    const { station } = await rig.charging(version);
    await station.localLimit(1, 7);
    expect(station.power(1)).toBe(7 * 230 * 3);
    await station.localLimit(1, undefined);
    expect(station.power(1)).toBe(32 * 230 * 3);
    const reported = rig.calledActions().filter((action) => /Limit/.test(String(action)));
    expect(reported).toEqual(version === '1.6' ? [] : ['NotifyChargingLimit', 'ClearedChargingLimit']);
  });

  test('starts and stops a transaction at the node’s request', async () => {
    const station = await rig.connect(version);
    const old = version === '1.6';
    await station.plugIn(1, { car: buildCar() });
    const start = old ? { idTag: 'X' } : { idToken: { idToken: 'X', type: 'Central' }, remoteStartId: 7 };
    expect(statusOf(await rig.node.call('CP1', old ? 'RemoteStartTransaction' : 'RequestStartTransaction', start))).toBe('Accepted');
    await station.idle();
    const id = station.transaction(1);
    const stop = { transactionId: old ? Number(id) : id };
    expect(statusOf(await rig.node.call('CP1', old ? 'RemoteStopTransaction' : 'RequestStopTransaction', stop))).toBe('Accepted');
    expect(station.transaction(1)).toBeUndefined();
  });

  test('starts no transaction for a token that the node refuses', async () => {
    rig.node.setAnswer('Authorize', { idTagInfo: { status: 'Blocked' }, idTokenInfo: { status: 'Blocked' } });
    const station = await rig.connect(version);
    expect(await station.plugIn(1, { car: buildCar(), idToken: idToken })).toBeUndefined();
    expect(station.power(1)).toBe(0);
  });

  test('ends the transaction when the car is full', async () => {
    const station = await rig.connect(version);
    await station.plugIn(1, { car: buildCar({ kilowattHours: 20, soc: 0.95 }), idToken: idToken });
    await rig.clock.advance(3_600_000);
    expect(station.transaction(1)).toBeUndefined();
    expect(station.car(1)?.energy).toBeCloseTo(20_000);
  });
});

describe('the connection to the node', () => {
  test('a wrong password rejects, and no timer is left', async () => {
    await using strict = await openBareNode({ clock: rig.clock, password: 'right' });
    const wrong = plugInStation({ url: strict.url, id: 'CP9', password: 'wrong', version: '1.6', evses: [evse], clock: rig.clock });
    await expect(wrong).rejects.toThrow('Station CP9 could not connect');
    expect(rig.clock.waiting()).toBe(0);
  });

  test('OCPP 2.x answers a text that is no JSON with the id -1', async () => {
    await rig.connect('2.0.1');
    rig.node.write('CP1', 'not json');
    await rig.clock.advance(0);
    expect(rig.node.frames.get('CP1')?.at(-1)?.slice(0, 3)).toEqual([4, '-1', 'RpcFrameworkError']);
  });

  test('a lean station records no frames', async () => {
    const station = await rig.connect('1.6', { lean: true });
    expect(station.frames).toEqual([]);
  });

  test('frames are recorded in both directions, and a test can wait for a call', async () => {
    const station = await rig.connect('1.6');
    const received = station.next('GetConfiguration');
    await rig.node.call('CP1', 'GetConfiguration', { key: ['x'] });
    expect(await received).toEqual({ key: ['x'] });
    expect(station.received('GetConfiguration')).toEqual([{ key: ['x'] }]);
  });
});
