import { describe, expect, test } from 'vitest';
import { connectedWorld, order, setRequest, stationOf } from './bare-station.fixture.ts';

const boot = { chargePointVendor: 'V', chargePointModel: 'M' };

describe('calls from the station', () => {
  test('are answered only when the host has committed what they told', async () => {
    const committed = Promise.withResolvers<void>();
    await using it = await connectedWorld({}, { received: () => committed.promise });
    const { world, station } = it;
    const booted = station.tell('BootNotification', boot, 'boot');
    const sent = stationOf(world).send(order(world, setRequest));
    const first = await booted;
    expect(first[2]).toBe('SetChargingProfile'); // our call passes; the answer to the boot is held back
    committed.resolve();
    expect((await station.hear()).slice(0, 2)).toEqual([3, 'boot']);
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
    it.station.say(2, 'a', 'BootNotification', boot);
    it.station.say(2, 'b', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
    gate.resolve();
    await it.station.hear();
    await it.station.hear();
    expect(steps.slice(0, 4)).toEqual(['begin booted', 'end booted', 'begin status', 'end status']);
  });

  test('a message that is repeated gets the same answer and has no second effect', async () => {
    let transactionId = 0;
    await using it = await connectedWorld({}, { startTransaction: async () => ({ transactionId: ++transactionId, accepted: true }) });
    const start = { connectorId: 1, idTag: 'GOOD', meterStart: 0, timestamp: '2026-03-10T07:30:00Z' };
    const first = await it.station.tell('StartTransaction', start, 'same');
    const second = await it.station.tell('StartTransaction', start, 'same');
    expect(second).toEqual(first);
    expect(it.world.host.events.filter(({ kind }) => kind === 'transaction-started')).toHaveLength(1);
  });

  test('a careless station that uses one id for all is heard each time', async () => {
    await using it = await connectedWorld();
    await it.station.tell('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' }, '1');
    await it.station.tell('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' }, '1');
    expect(it.world.host.events.map((event) => event.kind === 'status' && event.status)).toEqual(['Preparing', 'Charging']);
  });

  test('a host that fails makes an InternalError, and the same message may succeed later', async () => {
    let fails = true;
    const received = async () => {
      if (fails) throw new Error('secret detail of the store');
    };
    await using it = await connectedWorld({}, { received });
    const failed = await it.station.tell('BootNotification', boot, 'boot');
    expect(failed.slice(0, 3)).toEqual([4, 'boot', 'InternalError']);
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect(it.world.log.some((line) => line.includes('failed-host'))).toBe(true);
    fails = false;
    expect((await it.station.tell('BootNotification', boot, 'boot'))[0]).toBe(3);
  });
});
