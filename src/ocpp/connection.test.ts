import { describe, expect, test } from 'vitest';
import { messageId, stationId } from '../domain/ids.ts';
import { epochMillis } from '../domain/units.ts';
import {
  type BareStation,
  clearRequest,
  compositeRequest,
  connectedWorld,
  connectStation,
  openWorld,
  order,
  roundTrip,
  setRequest,
  stationOf,
} from './bare-station.fixture.ts';

const ACCEPTED = { status: 'Accepted' };
const boot = { chargePointVendor: 'V', chargePointModel: 'M' };

/** Fails when the node has sent a frame: the next one must be the answer to a new heartbeat. */
async function expectNothingSent(station: BareStation): Promise<void> {
  expect(await station.call('Heartbeat', {}, 'still')).toEqual([3, 'still', { currentTime: expect.any(String) }]);
}

describe('one call in flight per station', () => {
  test('the second call is sent when the first is answered', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const first = stationOf(world).send(order(world, setRequest));
    const second = stationOf(world).send(order(world, clearRequest));
    const [, id, action] = await station.nextFrame();
    expect(action).toBe('SetChargingProfile');
    await expectNothingSent(station);
    expect(stationOf(world).pending()).toBe(2);
    station.sendFrame(3, id, ACCEPTED);
    expect(await first).toEqual({ is: 'ACCEPTED' });
    const [, nextId, next] = await station.nextFrame();
    expect(next).toBe('ClearChargingProfile');
    station.sendFrame(3, nextId, ACCEPTED);
    expect(await second).toEqual({ is: 'ACCEPTED' });
  });

  test('eight orders wait, the ninth is not sent', async () => {
    await using it = await connectedWorld();
    const { world } = it;
    const orders = Array.from({ length: 9 }, () => stationOf(world).send(order(world, setRequest)));
    expect(await orders[8]).toEqual({ is: 'NOT_SENT', because: 'queue-full' });
  });

  test('A-16: without an answer by the deadline the order ends SILENT, and the next order is sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const first = stationOf(world).send(order(world, setRequest));
    const second = stationOf(world).send(order(world, clearRequest, { deadline: epochMillis(world.clock.now() + 60_000) }));
    await station.nextFrame();
    world.clock.advance(20_000);
    expect(await first).toEqual({ is: 'SILENT', because: 'deadline' });
    expect((await station.nextFrame())[2]).toBe('ClearChargingProfile');
    world.clock.advance(60_000);
    expect(await second).toEqual({ is: 'SILENT', because: 'deadline' });
  });

  test('an order whose deadline passes while it waits is not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    void stationOf(world).send(order(world, setRequest, { deadline: epochMillis(world.clock.now() + 60_000) }));
    const second = stationOf(world).send(order(world, clearRequest));
    await station.nextFrame();
    world.clock.advance(20_000);
    expect(await second).toEqual({ is: 'NOT_SENT', because: 'deadline' });
  });

  test('an order that comes after its deadline is not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const late = stationOf(world).send(order(world, setRequest, { deadline: world.clock.now() }));
    world.clock.advance(0);
    expect(await late).toEqual({ is: 'NOT_SENT', because: 'deadline' });
    await expectNothingSent(station);
  });
});

describe('an order is claimed immediately before it is written', () => {
  test('and not before its turn', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const claims: string[] = [];
    const claim = (name: string) => async () => claims.push(name) > 0;
    void stationOf(world).send(order(world, setRequest, { claim: claim('first') }));
    const second = stationOf(world).send(order(world, clearRequest, { claim: claim('second') }));
    const [, id] = await station.nextFrame();
    expect(claims).toEqual(['first']);
    station.sendFrame(3, id, ACCEPTED);
    const [, nextId] = await station.nextFrame();
    station.sendFrame(3, nextId, ACCEPTED);
    await second;
    expect(claims).toEqual(['first', 'second']);
  });

  test.each([
    ['refused', async () => false],
    ['failed', () => Promise.reject(new Error('store is unavailable'))],
  ])('a claim that is %s: the order is not sent, and the next one is', async (_how, claim) => {
    await using it = await connectedWorld();
    const { world, station } = it;
    expect(await stationOf(world).send(order(world, setRequest, { claim }))).toEqual({ is: 'NOT_SENT', because: 'unclaimed' });
    void stationOf(world).send(order(world, clearRequest));
    expect((await station.nextFrame())[2]).toBe('ClearChargingProfile');
  });

  test('when the deadline passes during the claim, the order is not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const claim = async () => {
      world.clock.advance(20_000);
      return true;
    };
    expect(await stationOf(world).send(order(world, setRequest, { claim }))).toEqual({ is: 'NOT_SENT', because: 'deadline' });
    await expectNothingSent(station);
  });

  test('SEC-31: when a newer connection comes during the claim, nothing is sent to either', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const newer = Promise.withResolvers<BareStation>();
    const claim = async () => {
      newer.resolve(await connectStation(world.server.port));
      await station.closed;
      return true;
    };
    expect(await stationOf(world).send(order(world, setRequest, { claim }))).toEqual({ is: 'NOT_SENT', because: 'offline' });
    await expectNothingSent(await newer.promise);
  });

  test('a request that the station cannot take is refused without a claim', async () => {
    await using it = await connectedWorld();
    const claim = async () => expect.unreachable('claimed');
    const answer = await stationOf(it.world).send(order(it.world, { ...setRequest, transactionId: 'not a number' }, { claim }));
    expect(answer).toEqual({ is: 'REJECTED', because: expect.stringContaining('not a number') });
  });
});

describe('answers without a call in flight', () => {
  test('a late answer goes to the host with a function that reads it', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const answer = stationOf(world).send(order(world, setRequest, { messageId: messageId('late one') }));
    await station.nextFrame();
    world.clock.advance(20_000);
    await answer;
    station.sendFrame(3, 'late one', ACCEPTED);
    await expectNothingSent(station);
    expect(world.host.lateAnswers.map(({ id, read }) => [id, read(setRequest)])).toEqual([['late one', { is: 'ACCEPTED' }]]);
    expect(world.server.counts()['late-answer']).toBe(1);
  });

  test('a second answer to the same call counts as late, also when it is a CALLERROR', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const answer = stationOf(world).send(order(world, compositeRequest));
    const [, id] = await station.nextFrame();
    station.sendFrame(4, id, 'NotImplemented', '', {});
    station.sendFrame(4, id, 'InternalError', 'again', {});
    expect(await answer).toEqual({ is: 'REJECTED', because: 'NotImplemented', lacksSmartCharging: true });
    await expectNothingSent(station);
    expect(world.host.lateAnswers.map(({ read }) => read(compositeRequest))).toEqual([{ is: 'REJECTED', because: 'InternalError: again' }]);
  });

  test('an answer with another id does not end the call in flight', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const answer = stationOf(world).send(order(world, setRequest));
    const [, id] = await station.nextFrame();
    station.sendFrame(3, 'other', ACCEPTED);
    station.sendFrame(3, id, { status: 'Rejected' });
    expect(await answer).toEqual({ is: 'REJECTED', because: 'Rejected' });
  });

  test('an answer that violates its schema is a rejection, and an OCPP 2.1 station gets a CALLRESULTERROR', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols: 'ocpp2.1' });
    await station.call('Heartbeat', {});
    const answer = stationOf(world).send(order(world, setRequest));
    const [, id] = await station.nextFrame();
    station.sendFrame(3, id, { status: 'Perhaps' });
    expect(await answer).toEqual({ is: 'REJECTED', because: expect.stringContaining('malformed answer: status must be equal to one of'), garbled: true });
    expect((await station.nextFrame()).slice(0, 3)).toEqual([5, id, 'PropertyConstraintViolation']);
  });
});

describe('the end of a connection', () => {
  test('the order in flight ends SILENT, waiting orders are not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const sent = stationOf(world).send(order(world, setRequest));
    const waiting = stationOf(world).send(order(world, clearRequest));
    await station.nextFrame();
    station.socket.terminate();
    expect(await sent).toEqual({ is: 'SILENT', because: 'disconnected' });
    expect(await waiting).toEqual({ is: 'NOT_SENT', because: 'offline' });
    expect(world.server.station(stationId('CP1'))).toBeUndefined();
  });

  test('SEC-31: the newest connection wins, the old one is closed with 4409, the epoch grows', async () => {
    await using it = await connectedWorld({ lastEpoch: () => 41 });
    const { world, station: old } = it;
    const answer = stationOf(world).send(order(world, setRequest));
    await old.nextFrame();
    const newer = await connectStation(world.server.port);
    await newer.call('Heartbeat', {});
    expect(await old.closed).toBe(4409);
    expect(await answer).toEqual({ is: 'SILENT', because: 'disconnected' });
    expect(world.host.steps).toEqual(['connected CP1 42', 'disconnected CP1 42', 'connected CP1 43']);
    expect(stationOf(world).epoch).toBe(43);
  });

  test('SEC-31: a connection without a valid credential replaces none', async () => {
    await using it = await connectedWorld();
    await expect(connectStation(it.world.server.port, { authorization: 'Basic Q1AxOng=' })).rejects.toThrow('401');
    await expectNothingSent(it.station);
    expect(stationOf(it.world).epoch).toBe(1);
  });

  test('SEC-31: a station that is replaced often is logged as flapping', async () => {
    await using world = await openWorld();
    for (let turn = 0; turn < 8; turn += 1) await (await connectStation(world.server.port)).call('Heartbeat', {});
    expect(world.log.filter((line) => line.includes('station-flaps'))).toHaveLength(2);
  });

  test('closing one station leaves the others connected', async () => {
    await using it = await connectedWorld();
    const other = await connectStation(it.world.server.port, { id: 'CP2' });
    await other.call('Heartbeat', {});
    stationOf(it.world, 'CP2').close('operator');
    expect(await other.closed).toBe(1000);
    await expectNothingSent(it.station);
    expect(it.world.server.stations().map(({ id }) => id)).toEqual(['CP1']);
  });

  test('a station that answers no ping is dropped, the others stay', async () => {
    await using it = await connectedWorld({ limits: { pingInterval: 30_000 } });
    const { world, station } = it;
    const unresponsive = await connectStation(world.server.port, { id: 'CP2' });
    await unresponsive.call('Heartbeat', {});
    unresponsive.socket.pause();
    const pinged = new Promise((done) => station.socket.once('ping', done));
    world.clock.advance(33_000);
    await pinged;
    await expectNothingSent(station);
    world.clock.advance(30_000);
    await expectNothingSent(station);
    expect(world.server.stations().map(({ id }) => id)).toEqual(['CP1']);
    expect(world.server.counts()['ping-timeout']).toBe(1);
  });

  test('a stopping server closes with 1001 and ends the order in flight', async () => {
    const it = await connectedWorld();
    const steps = stationOf(it.world).send(order(it.world, setRequest));
    await it.station.nextFrame();
    await it.world[Symbol.asyncDispose]();
    expect(await it.station.closed).toBe(1001);
    expect(await steps).toEqual({ is: 'SILENT', because: 'disconnected' });
    expect(it.world.host.steps.at(-1)).toBe('disconnected CP1 1');
  });

  test('a connection that the host cannot record is closed', async () => {
    await using world = await openWorld({}, { connected: () => Promise.reject(new Error('store is unavailable')) });
    const station = await connectStation(world.server.port);
    expect(await station.closed).toBe(1011);
    expect(world.server.stations()).toEqual([]);
    expect(world.host.steps).toEqual([]); // the host does not receive its end either
  });

  test('no message is handled before the host has recorded the connection', async () => {
    const recorded = Promise.withResolvers<void>();
    await using world = await openWorld({}, { connected: () => recorded.promise });
    const station = await connectStation(world.server.port);
    const answer = station.call('BootNotification', boot);
    const sent = stationOf(world).send(order(world, setRequest));
    await roundTrip(station);
    expect(world.host.events).toEqual([]);
    recorded.resolve();
    const frames = [await answer, await station.nextFrame()];
    expect(frames.map(([type]) => type).sort()).toEqual([2, 3]);
    void sent;
  });
});
