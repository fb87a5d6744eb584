import { describe, expect, test } from 'vitest';
import { stationId } from '../../domain/ids.ts';
import { connectedWorld, connectStation, openWorld, order, setRequest, stationOf } from '../bare-station.fixture.ts';
import { PatienceLedger } from './ledger.ts';

const CP1 = stationId('CP1');
const boot = { chargePointVendor: 'V', chargePointModel: 'M', chargePointSerialNumber: 'x'.repeat(26) };
const kinds = (ledger: PatienceLedger) => ledger.of(CP1).map(({ kind, count }) => `${kind} ${count}`);

describe('F-26: an answer without its parts ends its call at once', () => {
  test.each([
    ['[4,"id"]', (id: string) => [4, id], { is: 'REJECTED', because: 'GenericError' }],
    ['[4,"id",null,null,null]', (id: string) => [4, id, null, null, null], { is: 'REJECTED', because: 'GenericError' }],
    ['[3,"id"]', (id: string) => [3, id], { is: 'REJECTED', garbled: true }],
    ['[3,"id",null]', (id: string) => [3, id, null], { is: 'REJECTED', garbled: true }],
  ])('%s', async (_title, answer, outcome) => {
    const ledger = new PatienceLedger();
    await using it = await connectedWorld({ ledger });
    const sent = stationOf(it.world).send(order(it.world, setRequest));
    const [, id] = await it.station.nextFrame();
    it.station.sendFrame(...answer(String(id)));
    expect(await sent).toMatchObject(outcome);
    expect(ledger.of(CP1).length).toBeGreaterThan(0);
  });

  test('of a strict station it is unreadable, as before', async () => {
    await using it = await connectedWorld({ settingsOf: () => ({ strict: true, evseIds: [1] }) });
    const sent = stationOf(it.world).send(order(it.world, setRequest));
    const [, id] = await it.station.nextFrame();
    it.station.sendFrame(4, id);
    await it.station.call('Heartbeat', {});
    expect(it.world.server.counts()['invalid-frame']).toBe(1);
    it.world.clock.advance(20_000);
    expect(await sent).toMatchObject({ is: 'SILENT' });
  });
});

describe('F-28: how a station connects', () => {
  test.each(['/ocpp//CP1', '/ocpp/CP1//', '//ocpp/CP1', '/OCPP/CP1', '/ocpp///CP1/?token=1'])('%s is the path of CP1', async (path) => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { path });
    expect((await station.call('Heartbeat', {}))[0]).toBe(3);
    expect(world.server.station(CP1)?.id).toBe(CP1);
  });

  test.each([
    ['OCPP1.6', '1.6'],
    ['ocpp1.6j', '1.6'],
    ['ocpp16', '1.6'],
    ['OCPP2.0.1', '2.0.1'],
    ['ocpp201', '2.0.1'],
    ['Ocpp2.1', '2.1'],
  ])('the subprotocol %s is taken, and repeated as it was offered', async (offered, version) => {
    const ledger = new PatienceLedger();
    await using world = await openWorld({ ledger });
    const station = await connectStation(world.server.port, { protocols: offered });
    expect(station.socket.protocol).toBe(offered);
    await station.call('Heartbeat', {});
    expect(world.server.station(CP1)?.version).toBe(version);
    expect(ledger.of(CP1)).toMatchObject([{ kind: 'other-subprotocol', example: offered }]);
  });

  test('another id is not taken for one that is configured', async () => {
    await using world = await openWorld();
    await expect(connectStation(world.server.port, { path: '/ocpp//CP99', id: 'CP99' })).rejects.toThrow('HTTP 401');
  });
});

describe('patience is counted for each station', () => {
  test('with the first example, and logged once for each kind', async () => {
    const ledger = new PatienceLedger();
    await using it = await connectedWorld({ ledger });
    await it.station.call('BootNotification', boot);
    await it.station.nextFrame(); // the node asks for abilities
    await it.station.call('bootnotification', { ...boot, chargePointSerialNumber: 'y'.repeat(40) });
    expect(kinds(ledger)).toEqual(['long-text 2', 'word-in-other-case 1']);
    expect(ledger.of(CP1)[0]?.example).toBe('BootNotification.chargePointSerialNumber: text of 26 characters');
    expect(it.world.log.filter((line) => line.includes('station-odd'))).toHaveLength(2);
    expect(ledger.of(stationId('CP2'))).toEqual([]);
  });

  test.each([
    ['ahead by years', '2036-01-01T00:00:00Z'],
    ['1970', '1970-01-01T00:00:12Z'],
    ['local time without zone, an hour ahead', '2026-03-10T08:30:00'],
    ['a short offset, two hours ahead of the node', '2026-03-10T09:30:00+00'],
  ])('F-27: a start %s begins at the time of receipt', async (_title, timestamp) => {
    const ledger = new PatienceLedger();
    await using it = await connectedWorld({ ledger });
    await it.station.call('StartTransaction', { connectorId: 1, idTag: 'GOOD', meterStart: 0, timestamp });
    const at = it.world.clock.now();
    expect(it.world.host.events).toMatchObject([{ kind: 'transaction-started', at, readings: [{ at }] }]);
    expect(ledger.of(CP1).map(({ kind }) => kind)).toContain('clock');
  });

  test('F-27: a start that a station sends late keeps its time, and +02 is read', async () => {
    await using it = await connectedWorld();
    await it.station.call('StartTransaction', { connectorId: 1, idTag: 'GOOD', meterStart: 0, timestamp: '2026-03-09T09:30:00+02' });
    expect(it.world.host.events).toMatchObject([{ at: Date.parse('2026-03-09T07:30:00Z') }]);
  });

  test('a strict station is refused as before, and nothing is counted', async () => {
    const ledger = new PatienceLedger();
    await using it = await connectedWorld({ ledger, settingsOf: () => ({ strict: true, evseIds: [1] }) });
    expect((await it.station.call('BootNotification', boot, 'a')).slice(0, 3)).toEqual([4, 'a', 'PropertyConstraintViolation']);
    expect((await it.station.call('heartbeat', {}, 'b')).slice(0, 3)).toEqual([4, 'b', 'NotImplemented']);
    it.station.sendFrame(2, 'c', 'Heartbeat');
    expect((await it.station.nextFrame()).slice(0, 3)).toEqual([4, 'c', 'FormationViolation']);
    expect(ledger.of(CP1)).toEqual([]);
  });
});
