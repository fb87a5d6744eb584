import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type BareStation, basic, connectStation, openWorld, order, PASSWORD, roundTrip, setRequest, stationOf } from './bare-station.fixture.ts';
import { defaultLimits } from './limits.ts';

/** A world with a second station, CP2, that an attack must not affect. */
async function worldWithOtherStation(...options: Parameters<typeof openWorld>) {
  const world = await openWorld(...options);
  const other = await connectStation(world.server.port, { id: 'CP2' });
  await other.call('Heartbeat', {});
  const expectOtherAlive = async () => expect((await other.call('Heartbeat', {}))[0]).toBe(3);
  return { world, expectOtherAlive, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

/** No limit on waiting messages. */
const unlimited = { limits: { burst: 1_000_000 } };

describe('SEC-32: a hostile station can close at most its own connection', () => {
  test.each<[string, number, (station: BareStation) => void]>([
    ['a binary message', 1003, ({ socket }) => socket.send(Buffer.from('[2,"1","Heartbeat",{}]'))],
    ['a message over 256 kB', 1009, ({ socket }) => socket.send('x'.repeat(256 * 1024 + 1))],
    ['a message in 1,000 fragments', 1008, ({ socket }) => sendInFragments(socket, 1_000)],
    ['a flood of calls', 1008, ({ sendFrame }) => repeat(1_000, (i) => sendFrame(2, `c${i}`, 'Heartbeat', {}))],
    ['a flood of unsolicited answers', 1008, ({ sendFrame }) => repeat(10_000, (i) => sendFrame(3, `r${i}`, {}))],
    ['a flood of text that is no JSON', 1008, ({ socket }) => repeat(1_000, () => socket.send('noise'))],
  ])('%s (%i)', async (_what, code, attack) => {
    await using it = await worldWithOtherStation();
    const station = await connectStation(it.world.server.port);
    attack(station);
    expect(await station.closed).toBe(code);
    await it.expectOtherAlive();
  });

  test('long calls that wait while another is handled close the connection (1008)', async () => {
    await using it = await worldWithOtherStation({}, { received: () => new Promise(() => undefined) });
    const station = await connectStation(it.world.server.port);
    station.sendFrame(2, 'held', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    repeat(9, (i) => station.sendFrame(2, `c${i}`, 'DataTransfer', { vendorId: 'v', data: 'x'.repeat(200_000) }));
    expect(await station.closed).toBe(1008);
    await it.expectOtherAlive();
  });

  test('a message of 256 kB is accepted', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    const frame = JSON.stringify([2, 'big', 'DataTransfer', { vendorId: 'v', data: '' }]);
    station.socket.send(frame.replace('""}', `"${'x'.repeat(defaultLimits.messageBytes - frame.length)}"}`));
    expect(await station.nextFrame()).toEqual([3, 'big', { status: 'UnknownVendorId' }]);
  });

  test('invalid UTF-8 ends the connection', async () => {
    await using it = await worldWithOtherStation();
    const { port } = it.world.server;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: ${basic('CP1', PASSWORD)}\r\n\r\n`,
    );
    socket.once('data', () => socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])));
    await new Promise((done) => socket.resume().once('close', done));
    await it.expectOtherAlive();
  });

  test('compression is not negotiated', async () => {
    await using world = await openWorld();
    expect((await connectStation(world.server.port)).socket.extensions).toBe('');
  });

  test('a station that waits for each answer may send many messages', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    for (let i = 0; i < 50; i += 1) await station.call('Heartbeat', {});
    const next = station.call('Heartbeat', {});
    world.clock.advance(100);
    expect((await next)[0]).toBe(3);
  });

  test('messages above the rate limit are delayed, not refused', async () => {
    await using world = await openWorld({ limits: { burst: 2, messagesPerSecond: 1 } });
    const station = await connectStation(world.server.port);
    await station.call('Heartbeat', {});
    await station.call('Heartbeat', {});
    station.sendFrame(2, 'third', 'Heartbeat', {});
    await roundTrip(station);
    const answer = stationOf(world).send(order(world, setRequest));
    const [, id, action] = await station.nextFrame();
    expect(action).toBe('SetChargingProfile'); // the answer to the third call is delayed
    station.sendFrame(3, id, { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' }); // answers to the node's calls are not delayed
    world.clock.advance(1_000);
    expect((await station.nextFrame())[1]).toBe('third');
  });

  test('a station that does not read is dropped when its socket holds too many bytes', async () => {
    await using it = await worldWithOtherStation({ limits: { ...unlimited.limits, unsentBytes: 10_000 } });
    const station = await connectStation(it.world.server.port, { protocols: 'ocpp2.1' });
    await station.call('Heartbeat', {});
    station.socket.pause();
    const long = 'x'.repeat(128);
    const certificateHashData = { hashAlgorithm: 'SHA256', issuerNameHash: long, issuerKeyHash: long, serialNumber: '1' };
    const certificateStatusRequests = Array.from({ length: 4 }, () => ({ certificateHashData, source: 'OCSP', urls: ['x'] }));
    while (it.world.server.counts()['closed-for-abuse'] === undefined) {
      repeat(100, (i) => station.sendFrame(2, `c${i}`, 'GetCertificateChainStatus', { certificateStatusRequests }));
      await new Promise((done) => setImmediate(done));
    }
    await it.expectOtherAlive();
  });
});

describe('invalid frames', () => {
  test.each([
    ['1.6', 'ocpp1.6', 'FormationViolation'],
    ['2.0.1', 'ocpp2.0.1', 'RpcFrameworkError'],
    ['2.1', 'ocpp2.1', 'RpcFrameworkError'],
  ])('OCPP %s: with a readable id they get a CALLERROR', async (_version, protocols, code) => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols });
    station.sendFrame(2, 'a');
    expect((await station.nextFrame()).slice(0, 3)).toEqual([4, 'a', code]);
    station.sendFrame(2, 'b', { not: 'an action' }, {});
    expect((await station.nextFrame()).slice(0, 3)).toEqual([4, 'b', code]);
  });

  test('OCPP 1.6: without a readable id they are dropped and counted', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port);
    station.socket.send('{');
    station.sendFrame(2, 17, 'Heartbeat', {});
    station.sendFrame(99, 'x', 'y');
    expect((await station.call('Heartbeat', {}, 'next'))[1]).toBe('next');
    expect(world.server.counts()['invalid-frame']).toBe(3);
  });

  test('OCPP 2.0.1: without a readable id they are answered with the id -1 (part 4 §4.2.3)', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols: 'ocpp2.0.1' });
    station.sendFrame(2, 17, 'Heartbeat', {});
    expect((await station.nextFrame()).slice(0, 3)).toEqual([4, '-1', 'RpcFrameworkError']);
  });

  test('an unknown or unexpected message type is ignored', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols: 'ocpp2.1' });
    station.sendFrame(99, 'x', 'y', {});
    station.sendFrame(6, 'x', 'NotifyPeriodicEventStream', {});
    station.sendFrame(5, 'x', 'GenericError', '', {});
    expect((await station.call('Heartbeat', {}, 'next'))[1]).toBe('next');
  });
});

describe('G-19: a thousand hostile frames', () => {
  test.each(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'])('%s: the process, the station and the other station keep working', async (protocols) => {
    await using it = await worldWithOtherStation(unlimited);
    const station = await connectStation(it.world.server.port, { protocols });
    const random = randomFrom(20_260_310);
    const frames = Array.from({ length: 1_000 }, () => hostileFrame(random));
    for (const frame of frames) station.socket.send(frame);
    station.sendFrame(2, 'the last', 'Heartbeat', {});
    let frame = await station.nextFrame();
    while (frame[1] !== 'the last') frame = await station.nextFrame();
    expect(frame[0]).toBe(3);
    const answer = stationOf(it.world).send(order(it.world, setRequest));
    let call = await station.nextFrame();
    while (call[0] !== 2) call = await station.nextFrame();
    station.sendFrame(3, call[1], { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' });
    await it.expectOtherAlive();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

function repeat(times: number, act: (index: number) => void): void {
  for (let i = 0; i < times; i += 1) act(i);
}

function sendInFragments(socket: BareStation['socket'], count: number): void {
  for (let i = 0; i < count; i += 1) socket.send('x', { fin: i === count - 1 });
}

/** Pseudorandom numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function hostileFrame(random: () => number): string {
  const pick = <T>(choices: readonly T[]): T | undefined => choices[Math.floor(random() * choices.length)];
  const value = (depth: number): unknown => {
    const plain = [null, true, -1, 0, 1e308, 2 ** 53, '', 'x'.repeat(300), '2026-03-10T07:30:00Z', '9999-99-99T99:99:99Z', '__proto__', '\u0000', 'Accepted'];
    if (depth === 0 || random() < 0.5) return pick(plain);
    if (random() < 0.5) return Array.from({ length: 3 }, () => value(depth - 1));
    const keys = [
      '__proto__',
      'constructor',
      'connectorId',
      'evseId',
      'timestamp',
      'transactionInfo',
      'meterValue',
      'sampledValue',
      'status',
      'idTag',
      'idToken',
    ];
    return Object.fromEntries(Array.from({ length: 4 }, () => [pick(keys), value(depth - 1)]));
  };
  const actions = [
    'StartTransaction',
    'StopTransaction',
    'MeterValues',
    'TransactionEvent',
    'StatusNotification',
    'Authorize',
    'SetChargingProfile',
    '__proto__',
    'toString',
    '',
  ];
  const shape = random();
  if (shape < 0.1) return '['.repeat(Math.floor(random() * 5_000));
  if (shape < 0.2) return `${'['.repeat(2_000)}${']'.repeat(2_000)}`;
  if (shape < 0.3) return `[2,"p","StatusNotification",{"__proto__":{"polluted":1},"connectorId":1,"errorCode":"NoError","status":null}]`;
  if (shape < 0.5) return JSON.stringify(Array.from({ length: Math.floor(random() * 6) }, () => value(2)));
  return JSON.stringify([pick([2, 2, 2, 3, 4, 5, 6, '2', -1]), pick(['id', '', 7, `${random()}`]), pick(actions), value(4)]);
}
