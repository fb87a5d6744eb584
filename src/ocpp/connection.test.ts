import { describe, expect, test } from 'vitest';
import { messageId, stationId } from '../domain/ids.ts';
import { epochMillis } from '../domain/units.ts';
import {
  type BareStation,
  clearRequest,
  compositeRequest,
  connectedWorld,
  dial,
  openWorld,
  order,
  roundTrip,
  setRequest,
  stationOf,
} from './bare-station.fixture.ts';

const ACCEPTED = { status: 'Accepted' };
const boot = { chargePointVendor: 'V', chargePointModel: 'M' };

/** The next frame is the answer to a heartbeat, so the node wrote nothing before it. */
async function nothingCame(station: BareStation): Promise<void> {
  expect(await station.tell('Heartbeat', {}, 'still')).toEqual([3, 'still', { currentTime: expect.any(String) }]);
}

describe('one call in flight for each station', () => {
  test('the second goes when the first is answered', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const first = stationOf(world).send(order(world, setRequest));
    const second = stationOf(world).send(order(world, clearRequest));
    const [, id, action] = await station.hear();
    expect(action).toBe('SetChargingProfile');
    await nothingCame(station);
    expect(stationOf(world).pending()).toBe(2);
    station.say(3, id, ACCEPTED);
    expect(await first).toEqual({ is: 'ACCEPTED' });
    const [, nextId, next] = await station.hear();
    expect(next).toBe('ClearChargingProfile');
    station.say(3, nextId, ACCEPTED);
    expect(await second).toEqual({ is: 'ACCEPTED' });
  });

  test('eight orders wait, the ninth is not sent', async () => {
    await using it = await connectedWorld();
    const { world } = it;
    const orders = Array.from({ length: 9 }, () => stationOf(world).send(order(world, setRequest)));
    expect(await orders[8]).toEqual({ is: 'NOT_SENT', because: 'queue-full' });
  });

  test('A-16: an answer that does not come by the deadline is silence, and the next order goes', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const first = stationOf(world).send(order(world, setRequest));
    const second = stationOf(world).send(order(world, clearRequest, { deadline: epochMillis(world.clock.now() + 60_000) }));
    await station.hear();
    world.clock.advance(20_000);
    expect(await first).toEqual({ is: 'SILENT', because: 'deadline' });
    expect((await station.hear())[2]).toBe('ClearChargingProfile');
    world.clock.advance(60_000);
    expect(await second).toEqual({ is: 'SILENT', because: 'deadline' });
  });

  test('an order whose deadline passes while it waits is not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    void stationOf(world).send(order(world, setRequest, { deadline: epochMillis(world.clock.now() + 60_000) }));
    const second = stationOf(world).send(order(world, clearRequest));
    await station.hear();
    world.clock.advance(20_000);
    expect(await second).toEqual({ is: 'NOT_SENT', because: 'deadline' });
  });

  test('an order that is asked after its deadline is not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const late = stationOf(world).send(order(world, setRequest, { deadline: world.clock.now() }));
    world.clock.advance(0);
    expect(await late).toEqual({ is: 'NOT_SENT', because: 'deadline' });
    await nothingCame(station);
  });
});

describe('an order is claimed immediately before it is written', () => {
  test('not before its turn has come', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const claims: string[] = [];
    const claim = (name: string) => async () => claims.push(name) > 0;
    void stationOf(world).send(order(world, setRequest, { claim: claim('first') }));
    const second = stationOf(world).send(order(world, clearRequest, { claim: claim('second') }));
    const [, id] = await station.hear();
    expect(claims).toEqual(['first']);
    station.say(3, id, ACCEPTED);
    const [, nextId] = await station.hear();
    station.say(3, nextId, ACCEPTED);
    await second;
    expect(claims).toEqual(['first', 'second']);
  });

  test.each([
    ['refused', async () => false],
    ['failed', () => Promise.reject(new Error('store is away'))],
  ])('a claim that is %s: the order is not sent, and the next one goes', async (_how, claim) => {
    await using it = await connectedWorld();
    const { world, station } = it;
    expect(await stationOf(world).send(order(world, setRequest, { claim }))).toEqual({ is: 'NOT_SENT', because: 'unclaimed' });
    void stationOf(world).send(order(world, clearRequest));
    expect((await station.hear())[2]).toBe('ClearChargingProfile');
  });

  test('the deadline passes during the claim: not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const claim = async () => {
      world.clock.advance(20_000);
      return true;
    };
    expect(await stationOf(world).send(order(world, setRequest, { claim }))).toEqual({ is: 'NOT_SENT', because: 'deadline' });
    await nothingCame(station);
  });

  test('SEC-31: a newer connection comes during the claim: nothing is written to either', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const newer = Promise.withResolvers<BareStation>();
    const claim = async () => {
      newer.resolve(await dial(world.server.port));
      await station.closed;
      return true;
    };
    expect(await stationOf(world).send(order(world, setRequest, { claim }))).toEqual({ is: 'NOT_SENT', because: 'offline' });
    await nothingCame(await newer.promise);
  });

  test('what the station cannot be asked is refused without a claim', async () => {
    await using it = await connectedWorld();
    const claim = async () => expect.unreachable('claimed');
    const answer = await stationOf(it.world).send(order(it.world, { ...setRequest, transactionId: 'not a number' }, { claim }));
    expect(answer).toEqual({ is: 'REJECTED', because: expect.stringContaining('not a number') });
  });
});

describe('answers that nobody waits for', () => {
  test('a late answer is given to the host, who can read it', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const answer = stationOf(world).send(order(world, setRequest, { messageId: messageId('late one') }));
    await station.hear();
    world.clock.advance(20_000);
    await answer;
    station.say(3, 'late one', ACCEPTED);
    await nothingCame(station);
    expect(world.host.lateOnes.map(({ id, read }) => [id, read(setRequest)])).toEqual([['late one', { is: 'ACCEPTED' }]]);
    expect(world.server.counts()['late-answer']).toBe(1);
  });

  test('a second answer to the same call is late, and an error is read as one', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const answer = stationOf(world).send(order(world, compositeRequest));
    const [, id] = await station.hear();
    station.say(4, id, 'NotImplemented', '', {});
    station.say(4, id, 'InternalError', 'again', {});
    expect(await answer).toEqual({ is: 'REJECTED', because: 'NotImplemented', lacksSmartCharging: true });
    await nothingCame(station);
    expect(world.host.lateOnes.map(({ read }) => read(compositeRequest))).toEqual([{ is: 'REJECTED', because: 'InternalError: again' }]);
  });

  test('an answer to the call in flight under another id is not its answer', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const answer = stationOf(world).send(order(world, setRequest));
    const [, id] = await station.hear();
    station.say(3, 'other', ACCEPTED);
    station.say(3, id, { status: 'Rejected' });
    expect(await answer).toEqual({ is: 'REJECTED', because: 'Rejected' });
  });

  test('an answer that does not fit its schema is a rejection, and OCPP 2.1 stations are told', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols: 'ocpp2.1' });
    await station.tell('Heartbeat', {});
    const answer = stationOf(world).send(order(world, setRequest));
    const [, id] = await station.hear();
    station.say(3, id, { status: 'Perhaps' });
    expect(await answer).toEqual({ is: 'REJECTED', because: expect.stringContaining('malformed answer: status must be equal to one of'), garbled: true });
    expect((await station.hear()).slice(0, 3)).toEqual([5, id, 'PropertyConstraintViolation']);
  });
});

describe('ends of a connection', () => {
  test('what was sent is silent, what waits is not sent', async () => {
    await using it = await connectedWorld();
    const { world, station } = it;
    const sent = stationOf(world).send(order(world, setRequest));
    const waiting = stationOf(world).send(order(world, clearRequest));
    await station.hear();
    station.socket.terminate();
    expect(await sent).toEqual({ is: 'SILENT', because: 'disconnected' });
    expect(await waiting).toEqual({ is: 'NOT_SENT', because: 'offline' });
    expect(world.server.station(stationId('CP1'))).toBeUndefined();
  });

  test('SEC-31: the newest connection wins, the old one is closed with 4409, the epoch grows', async () => {
    await using it = await connectedWorld({ lastEpoch: () => 41 });
    const { world, station: old } = it;
    const answer = stationOf(world).send(order(world, setRequest));
    await old.hear();
    const newer = await dial(world.server.port);
    await newer.tell('Heartbeat', {});
    expect(await old.closed).toBe(4409);
    expect(await answer).toEqual({ is: 'SILENT', because: 'disconnected' });
    expect(world.host.steps).toEqual(['connected CP1 42', 'disconnected CP1 42', 'connected CP1 43']);
    expect(stationOf(world).epoch).toBe(43);
  });

  test('SEC-31: who cannot prove it displaces no one', async () => {
    await using it = await connectedWorld();
    await expect(dial(it.world.server.port, { authorization: 'Basic Q1AxOng=' })).rejects.toThrow('401');
    await nothingCame(it.station);
    expect(stationOf(it.world).epoch).toBe(1);
  });

  test('SEC-31: a name that changes hands often raises an alarm', async () => {
    await using world = await openWorld();
    for (let turn = 0; turn < 8; turn += 1) await (await dial(world.server.port)).tell('Heartbeat', {});
    expect(world.log.filter((line) => line.includes('station-flaps'))).toHaveLength(2);
  });

  test('one station ends without touching another', async () => {
    await using it = await connectedWorld();
    const other = await dial(it.world.server.port, { id: 'CP2' });
    await other.tell('Heartbeat', {});
    stationOf(it.world, 'CP2').close('operator');
    expect(await other.closed).toBe(1000);
    await nothingCame(it.station);
    expect(it.world.server.stations().map(({ id }) => id)).toEqual(['CP1']);
  });

  test('a station that answers no ping is dropped, one that does is not', async () => {
    await using it = await connectedWorld({ limits: { pingEvery: 30_000 } });
    const { world, station } = it;
    const deaf = await dial(world.server.port, { id: 'CP2' });
    await deaf.tell('Heartbeat', {});
    deaf.socket.pause();
    const pinged = new Promise((done) => station.socket.once('ping', done));
    world.clock.advance(33_000);
    await pinged;
    await nothingCame(station);
    world.clock.advance(30_000);
    await nothingCame(station);
    expect(world.server.stations().map(({ id }) => id)).toEqual(['CP1']);
    expect(world.server.counts()['closed-silent']).toBe(1);
  });

  test('a node that stops says so, and tells no one anything after', async () => {
    const it = await connectedWorld();
    const steps = stationOf(it.world).send(order(it.world, setRequest));
    await it.station.hear();
    await it.world[Symbol.asyncDispose]();
    expect(await it.station.closed).toBe(1001);
    expect(await steps).toEqual({ is: 'SILENT', because: 'disconnected' });
    expect(it.world.host.steps.at(-1)).toBe('disconnected CP1 1');
  });

  test('a connection that the host cannot record is closed', async () => {
    await using world = await openWorld({}, { connected: () => Promise.reject(new Error('store is away')) });
    const station = await dial(world.server.port);
    expect(await station.closed).toBe(1011);
    expect(world.server.stations()).toEqual([]);
    expect(world.host.steps).toEqual([]); // nor is the host told that it ended
  });

  test('nothing is handled before the host has recorded the connection', async () => {
    const recorded = Promise.withResolvers<void>();
    await using world = await openWorld({}, { connected: () => recorded.promise });
    const station = await dial(world.server.port);
    const answer = station.tell('BootNotification', boot);
    const sent = stationOf(world).send(order(world, setRequest));
    await roundTrip(station);
    expect(world.host.events).toEqual([]);
    recorded.resolve();
    const frames = [await answer, await station.hear()];
    expect(frames.map(([type]) => type).sort()).toEqual([2, 3]);
    void sent;
  });
});
