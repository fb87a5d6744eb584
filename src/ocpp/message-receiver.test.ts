import { describe, expect, test } from 'vitest';
import { connectedWorld, order, setRequest, stationOf } from './bare-station.fixture.ts';

const boot = { chargePointVendor: 'V', chargePointModel: 'M' };

describe('calls from a station', () => {
  test('are answered only when the host has committed their content', async () => {
    const committed = Promise.withResolvers<void>();
    await using it = await connectedWorld({}, { received: () => committed.promise });
    const { world, station } = it;
    const booted = station.call('BootNotification', boot, 'boot');
    const sent = stationOf(world).send(order(world, setRequest));
    const first = await booted;
    expect(first[2]).toBe('SetChargingProfile'); // the node's call is sent; the answer to the boot waits
    committed.resolve();
    expect((await station.nextFrame()).slice(0, 2)).toEqual([3, 'boot']);
    void sent;
  });

  test('are handled one after another', async () => {
    const steps: string[] = [];
    const gate = Promise.withResolvers<void>();
    await using it = await connectedWorld(
      {},
      {
        received: async (_station, event) => {
          steps.push(`begin ${event.kind}`);
          if (event.kind === 'booted') await gate.promise;
          steps.push(`end ${event.kind}`);
        },
      },
    );
    it.station.sendFrame(2, 'a', 'BootNotification', boot);
    it.station.sendFrame(2, 'b', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
    gate.resolve();
    await it.station.nextFrame();
    await it.station.nextFrame();
    expect(steps.slice(0, 4)).toEqual(['begin booted', 'end booted', 'begin status', 'end status']);
  });

  test('a repeated message gets the same answer and has no second effect', async () => {
    let transactionId = 0;
    await using it = await connectedWorld({}, { startTransaction: async () => ({ transactionId: ++transactionId, decision: { status: 'Accepted' } }) });
    const start = { connectorId: 1, idTag: 'GOOD', meterStart: 0, timestamp: '2026-03-10T07:30:00Z' };
    const first = await it.station.call('StartTransaction', start, 'same');
    const second = await it.station.call('StartTransaction', start, 'same');
    expect(second).toEqual(first);
    expect(it.world.host.events.filter(({ kind }) => kind === 'transaction-started')).toHaveLength(1);
  });

  test('different messages under one id are all handled', async () => {
    await using it = await connectedWorld();
    await it.station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' }, '1');
    await it.station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' }, '1');
    expect(it.world.host.events.flatMap((event) => (event.kind === 'status' ? [event.status] : []))).toEqual(['Preparing', 'Charging']);
  });

  test('a host failure gives an InternalError, and the same message may succeed later', async () => {
    let fails = true;
    const received = async () => {
      if (fails) throw new Error('secret detail of the store');
    };
    await using it = await connectedWorld({}, { received });
    const failed = await it.station.call('BootNotification', boot, 'boot');
    expect(failed.slice(0, 3)).toEqual([4, 'boot', 'InternalError']);
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect(it.world.log.some((line) => line.includes('host-failed'))).toBe(true);
    fails = false;
    expect((await it.station.call('BootNotification', boot, 'boot'))[0]).toBe(3);
  });
});
