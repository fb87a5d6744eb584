import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { stationId } from '../../domain/ids.ts';
import { epochMillis } from '../../domain/units.ts';
import { order, roundTrip, setRequest } from '../bare-station.fixture.ts';
import { openBareCsms, openPairs, type PairOptions } from './bare-csms.fixture.ts';

/** A CSMS and one station of OCPP 1.6 behind it. */
async function openPair(options: PairOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const csms = stack.use(await openBareCsms());
  const world = stack.use(await openPairs(csms, options));
  const station = await world.station();
  const all = stack.move();
  return { csms, world, station, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

const text = (message: Buffer) => message.toString();

describe('what passes between a station and its CSMS', () => {
  test('GW-A01: the station is let in with its own credentials and subprotocol, at the URL with its id percent-encoded', async () => {
    await using csms = await openBareCsms({ choose: (offered) => offered.find((it) => it === 'ocpp2.0.1') ?? false });
    await using world = await openPairs(csms);
    const station = await world.station({ id: 'CP1', protocols: ['ocpp1.6', 'ocpp2.0.1'] });
    const [connection] = csms.connections;
    expect(connection).toMatchObject({ url: '/csms/CP1', protocol: 'ocpp2.0.1', authorization: world.letIn.get(stationId('CP1'))?.authorization });
    expect(station.socket.protocol).toBe('ocpp2.0.1');
    expect(connection?.authorization).toMatch(/^Basic /);
  });

  test.each([
    ['a call', '[2 , "a\\u0062" ,"Heartbeat",\n { } ]', '[3,"ab",{"currentTime":"2026-03-10T07:30:00Z", "x": 1.0e2}]'],
    ['a call of the future', '[2,"n1","FlyToTheMoon",{"when":1e400,"twice":1,"twice":2}]', '[4,"n1","NotImplemented","",{}]'],
    ['a number as message id', '[2,17,"Heartbeat",{}]', '[3,17,{"currentTime":"x"}]'],
  ])('GW-A02: %s passes byte for byte, and so does its answer', async (_name, call, answer) => {
    await using it = await openPair();
    it.station.socket.send(call);
    expect(text(await it.csms.nextMessage())).toBe(call);
    const answered = once(it.station.socket, 'message');
    it.csms.socket().send(answer);
    expect(text((await answered)[0])).toBe(answer);
  });

  test('GW-A02: what is no frame of OCPP-J passes too, in both directions, and is counted', async () => {
    await using it = await openPair();
    for (const odd of ['hello', '{"a":1}', '[7,"a"]', '[3', '']) {
      it.station.socket.send(odd);
      expect(text(await it.csms.nextMessage())).toBe(odd);
    }
    const passed = once(it.station.socket, 'message');
    it.csms.socket().send(Buffer.from('[3,"binary",{}]'), { binary: true });
    const [data, isBinary] = await passed;
    expect([text(data), isBinary]).toEqual(['[3,"binary",{}]', true]);
    expect(it.world.server.counts()).toMatchObject({ 'passed-unread': 6 });
  });

  test('GW-A03: the node takes in what passed, with the answer of the CSMS: the start with its transaction id, a refused token as refused', async () => {
    await using it = await openPair();
    const start = { connectorId: 1, idTag: 'GOOD', meterStart: 0, timestamp: '2026-03-10T07:30:00Z' };
    for (const [id, answer] of [
      ['s1', [3, 's1', { transactionId: 4711, idTagInfo: { status: 'Accepted' } }]],
      ['s2', [3, 's2', { transactionId: -3, idTagInfo: { status: 'ConcurrentTx' } }]],
      ['s3', [4, 's3', 'InternalError', '', {}]],
    ] as const) {
      it.station.sendFrame(2, id, 'StartTransaction', start);
      await it.csms.nextMessage();
      it.csms.socket().send(JSON.stringify(answer));
      await it.station.nextFrame();
    }
    await expect
      .poll(() => it.world.host.events)
      .toMatchObject([
        { kind: 'transaction-started', transactionId: '4711' },
        { kind: 'transaction-started', transactionId: '-3', refused: true },
      ]);
    expect(it.world.host.events[0]).not.toHaveProperty('refused');
  });

  test('GW-A03: a message that the node cannot read passes all the same, and is counted', async () => {
    await using it = await openPair();
    it.station.sendFrame(2, 'x', 'StatusNotification', 'no object');
    await it.csms.nextMessage();
    it.csms.socket().send('[3,"x",{}]');
    expect(await it.station.nextFrame()).toEqual([3, 'x', {}]);
    await expect.poll(() => it.world.server.counts()).toMatchObject({ 'not-observed': 1 });
  });
});

describe('calls of the node among those of the CSMS', () => {
  test('GW-A04: a call of the node waits for the answer to a call of the CSMS, and a call of the CSMS for one of the node', async () => {
    await using it = await openPair();
    const station = it.world.server.station(stationId('CP1'));
    if (!station) throw new Error('not connected');
    it.csms.socket().send('[2,"c1","Reset",{"type":"Soft"}]');
    expect(await it.station.nextFrame()).toEqual([2, 'c1', 'Reset', { type: 'Soft' }]);
    const answered = station.send(order(it.world, setRequest));
    await roundTrip(it.station);
    it.station.sendFrame(3, 'c1', { status: 'Accepted' });
    const [, ours, action] = await it.station.nextFrame();
    expect(action).toBe('SetChargingProfile');
    expect(text(await it.csms.nextMessage())).toBe('[3,"c1",{"status":"Accepted"}]');

    it.csms.socket().send('[2,"c2","ClearCache",{}]');
    it.csms.socket().send('[2,"c3","ClearCache",{}]');
    const pong = once(it.csms.socket(), 'pong');
    it.csms.socket().ping('here');
    await pong;
    it.station.sendFrame(3, ours, { status: 'Accepted' });
    expect(await answered).toEqual({ is: 'ACCEPTED' });
    expect([(await it.station.nextFrame())[1], (await it.station.nextFrame())[1]]).toEqual(['c2', 'c3']);
    expect(it.csms.unread()).toEqual([]);
  });

  test('GW-A04: the CSMS never sees an answer that it did not ask for, a second answer, or a late answer to a call of the node', async () => {
    await using it = await openPair();
    const answered = it.world.server.station(stationId('CP1'))?.send(order(it.world, setRequest, { deadline: epochMillis(it.world.clock.now() + 5_000) }));
    const [, ours] = await it.station.nextFrame();
    it.world.clock.advance(6_000);
    expect(await answered).toEqual({ is: 'SILENT', because: 'deadline' });
    it.csms.socket().send('[2,"c1","ClearCache",{}]');
    await it.station.nextFrame();
    it.station.sendFrame(3, 'c1', { status: 'Accepted' });
    it.station.sendFrame(3, 'c1', { status: 'Rejected' });
    it.station.sendFrame(3, 'never', {});
    it.station.sendFrame(3, ours, { status: 'Accepted' });
    it.station.sendFrame(2, 'h', 'Heartbeat', {});
    expect([text(await it.csms.nextMessage()), text(await it.csms.nextMessage())]).toEqual(['[3,"c1",{"status":"Accepted"}]', '[2,"h","Heartbeat",{}]']);
    await expect.poll(() => it.world.host.lateAnswers).toHaveLength(1);
    expect(it.world.server.counts()).toMatchObject({ 'unasked-answer': 2, 'late-answer': 1 });
  });

  test('GW-A04: a station that answers no call of the node holds the CSMS back for 10 s at most', async () => {
    await using it = await openPair();
    void it.world.server.station(stationId('CP1'))?.send(order(it.world, setRequest, { deadline: epochMillis(it.world.clock.now() + 60_000) }));
    await it.station.nextFrame();
    it.csms.socket().send('[2,"c1","ClearCache",{}]');
    const pong = once(it.csms.socket(), 'pong');
    it.csms.socket().ping('here');
    await pong;
    it.world.clock.advance(10_000);
    expect(await it.station.nextFrame()).toEqual([2, 'c1', 'ClearCache', {}]);
  });

  test('GW-A05: with mode observe the node sends nothing of its own', async () => {
    await using it = await openPair({ upstream: { acts: false } });
    const station = it.world.server.station(stationId('CP1'));
    it.station.sendFrame(2, 'b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    await it.csms.nextMessage();
    it.csms.socket().send('[3,"b",{"status":"Accepted","currentTime":"2026-03-10T07:30:00Z","interval":300}]');
    expect((await it.station.nextFrame())[1]).toBe('b');
    await expect.poll(() => it.world.host.events).toMatchObject([{ kind: 'booted' }]);
    expect(await station?.send(order(it.world, setRequest))).toEqual({ is: 'NOT_SENT', because: 'observing' });
    expect(await station?.askAbilities()).toMatchObject({ is: 'FAILED' });
    it.csms.socket().send('[2,"c1","ClearCache",{}]');
    expect(await it.station.nextFrame()).toEqual([2, 'c1', 'ClearCache', {}]);
  });
});

describe('the two connections of a pair', () => {
  test.each([400, 401, 403, 404])('GW-A06: a station that the CSMS refuses with %i gets the same answer', async (status) => {
    await using csms = await openBareCsms({ refuse: () => status });
    await using world = await openPairs(csms);
    await expect(world.station()).rejects.toThrow(`HTTP ${status}`);
  });

  test('GW-A06: while the CSMS is away, a station comes in with the credentials that the CSMS accepted before, and with no others', async () => {
    let status: number | undefined;
    await using csms = await openBareCsms({ refuse: () => status });
    await using world = await openPairs(csms);
    const first = await world.station();
    first.socket.close();
    await first.closed;
    status = 503;
    const again = await world.station();
    expect(again.socket.protocol).toBe('ocpp1.6');
    expect(await again.call('Heartbeat', {}, 'h')).toEqual([3, 'h', { currentTime: '2026-03-10T07:30:00.000Z' }]);
    await expect(world.station({ authorization: 'Basic Q1AxOnN0b2xlbg==' })).rejects.toThrow('HTTP 503');
    await expect(world.station({ id: 'CP2' })).rejects.toThrow('HTTP 503');
  });

  test('GW-A07: calls without an answer when the CSMS leaves are kept; the CSMS is connected again and told', async () => {
    await using it = await openPair();
    it.station.sendFrame(2, 'm', 'MeterValues', { connectorId: 1, meterValue: [] });
    await it.csms.nextMessage();
    it.csms.socket().terminate();
    expect(await it.station.nextFrame()).toEqual([3, 'm', {}]);
    expect(it.world.disk.rows.map(({ text: kept }) => kept)).toEqual(['[2,"m","MeterValues",{"connectorId":1,"meterValue":[]}]']);
    const again = it.csms.nextConnection();
    it.world.clock.advance(2_000);
    const socket = await again;
    expect(text(await it.csms.nextMessage())).toBe('[2,"m","MeterValues",{"connectorId":1,"meterValue":[]}]');
    socket.send('[3,"m",{}]');
    await expect.poll(() => it.world.disk.rows).toEqual([]);
    it.station.sendFrame(2, 'h', 'Heartbeat', {});
    expect(text(await it.csms.nextMessage())).toBe('[2,"h","Heartbeat",{}]');
    socket.send('[3,"h",{"currentTime":"2026-03-10T07:30:00Z"}]');
    expect((await it.station.nextFrame())[1]).toBe('h');
  });

  test('GW-A07: kept messages that have no answer, or wait for their turn, are sent on by the next connection of their station', async () => {
    await using it = await openPair();
    it.csms.socket().terminate();
    await expect.poll(() => it.world.server.counts()).toMatchObject({ 'csms-lost': 1 });
    for (const connectorId of [1, 2])
      await it.station.call('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available' }, `s${connectorId}`);
    const back = it.csms.nextConnection();
    it.world.clock.advance(2_000);
    await back;
    const first = text(await it.csms.nextMessage());
    it.station.sendFrame(2, 'h', 'Heartbeat', {});
    await roundTrip(it.station);
    it.csms.socket().send('[3,"s1",{}]');
    // The heartbeat had waited; the second kept message waits for its answer, which never comes.
    expect([first, text(await it.csms.nextMessage())].map((it) => JSON.parse(it)[1])).toEqual(['s1', 'h']);
    it.station.socket.terminate();
    const again = await it.world.station();
    expect(JSON.parse(text(await it.csms.nextMessage()))[1]).toBe('s2');
    again.socket.terminate();
    const third = await it.world.station();
    expect(JSON.parse(text(await it.csms.nextMessage()))[1]).toBe('s2');
    it.csms.socket().send('[3,"s2",{}]');
    await expect.poll(() => it.world.disk.rows).toEqual([]);
    third.socket.terminate();
  });

  test('GW-A07: with when_away cut, and when the CSMS lets the station in no more, the station is disconnected', async () => {
    await using cut = await openPair({ upstream: { whenAway: 'cut' } });
    cut.csms.socket().close(4321, 'enough');
    expect(await cut.station.closed).toBe(4321);
    let status: number | undefined;
    await using csms = await openBareCsms({ refuse: () => status });
    await using world = await openPairs(csms);
    const station = await world.station();
    status = 401;
    csms.socket().close();
    await once(csms.socket(), 'close');
    await roundTrip(station);
    world.clock.advance(2_000);
    expect(await station.closed).toBe(1008);
  });

  test.each([1000, 1001, 3999])('GW-A08: a station that closes with %i closes its connection to the CSMS with the same code', async (code) => {
    await using it = await openPair();
    const closed = once(it.csms.socket(), 'close');
    it.station.socket.close(code, 'bye');
    expect((await closed).map(String)).toEqual([String(code), 'bye']);
  });

  test('GW-A08: pings pass in both directions: a CSMS that does not answer lets the station wait', async () => {
    await using csms = await openBareCsms({ autoPong: false });
    await using world = await openPairs(csms);
    const station = await world.station();
    const pinged = once(csms.socket(), 'ping');
    station.socket.ping('are you there');
    expect(String((await pinged)[0])).toBe('are you there');
    let ponged = false;
    station.socket.once('pong', () => {
      ponged = true;
    });
    station.sendFrame(2, 'h', 'Heartbeat', {});
    await csms.nextMessage();
    csms.socket().send('[3,"h",{}]');
    await station.nextFrame();
    expect(ponged).toBe(false);
    csms.socket().pong('are you there');
    await expect.poll(() => ponged).toBe(true);
  });

  test('GW-A09: a version that the node does not know, and a station that is not configured, pass without being observed', async () => {
    await using csms = await openBareCsms();
    await using world = await openPairs(csms);
    for (const options of [{ protocols: 'ocpp9.9' }, { id: 'XY-1' }, { protocols: [] }]) {
      const station = await world.station(options);
      const call = '[2,"a","StartTransaction",{}]';
      station.socket.send(call);
      expect(text(await csms.nextMessage())).toBe(call);
      csms.socket().send('[3,"a",{}]');
      expect(await station.nextFrame()).toEqual([3, 'a', {}]);
      const closed = once(csms.socket(), 'close');
      station.socket.close(4000);
      expect((await closed)[0]).toBe(4000);
    }
    expect(world.host.steps).toEqual([]);
  });
});

test('GW-A09: a CSMS that chooses none of the offered subprotocols leaves its station without one, as without the node', async () => {
  await using csms = await openBareCsms({ choose: () => false });
  await using world = await openPairs(csms);
  await expect(world.station()).rejects.toThrow('Server sent no subprotocol');
  expect(csms.connections.at(-1)?.protocol).toBe('');
});

describe('hostile legs', () => {
  test('GW-A10: a message that is too long ends its own pair only, on either leg', async () => {
    await using it = await openPair({ server: { limits: { messageBytes: 1_000 } } });
    const other = await it.world.station({ id: 'CP2' });
    const closed = once(it.station.socket, 'close');
    it.station.socket.send('x'.repeat(1_001));
    expect((await closed)[0]).toBe(1009);
    it.csms.socket().send('x'.repeat(1_001));
    await expect.poll(() => it.world.server.counts()).toMatchObject({ 'csms-lost': 1 });
    expect((await other.call('Heartbeat', {}, 'h')).slice(0, 2)).toEqual([3, 'h']);
  });

  test('GW-A10: calls of the CSMS that nobody answers are forgotten beyond 1,000; a held back flood passes', async () => {
    await using it = await openPair();
    void it.world.server.station(stationId('CP1'))?.send(order(it.world, setRequest, { deadline: epochMillis(it.world.clock.now() + 60_000) }));
    await it.station.nextFrame();
    for (let n = 0; n < 1_200; n++) it.csms.socket().send(`[2,"c${n}","ClearCache",{}]`);
    it.world.clock.advance(0);
    const seen = new Set<unknown>();
    while (seen.size < 1_100) seen.add((await it.station.nextFrame())[1]);
    it.world.clock.advance(10_000);
    while (seen.size < 1_200) seen.add((await it.station.nextFrame())[1]);
    expect(seen.size).toBe(1_200);
  });
});
