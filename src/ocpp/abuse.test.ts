import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type BareStation, basic, dial, openWorld, order, PASSWORD, roundTrip, setRequest, stationOf } from './bare-station.fixture.ts';
import { usualLimits } from './limits.ts';

/** A world whose first station is there to be left in peace. */
async function worldWithBystander(...options: Parameters<typeof openWorld>) {
  const world = await openWorld(...options);
  const bystander = await dial(world.server.port, { id: 'CP2' });
  await bystander.tell('Heartbeat', {});
  const isUnharmed = async () => expect((await bystander.tell('Heartbeat', {}))[0]).toBe(3);
  return { world, isUnharmed, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

/** A world in which no number of messages is too many. */
const patient = { limits: { burst: 1_000_000 } };

describe('SEC-32: what a hostile station sends closes its own connection at most', () => {
  test.each<[string, number, (station: BareStation) => void]>([
    ['a binary message', 1003, ({ socket }) => socket.send(Buffer.from('[2,"1","Heartbeat",{}]'))],
    ['a message over 256 kB', 1009, ({ socket }) => socket.send('x'.repeat(256 * 1024 + 1))],
    ['a message in more fragments than anyone needs', 1008, ({ socket }) => sendInFragments(socket, 1_000)],
    ['a flood of calls', 1008, ({ say }) => repeat(1_000, (i) => say(2, `c${i}`, 'Heartbeat', {}))],
    ['a flood of answers to nothing', 1008, ({ say }) => repeat(10_000, (i) => say(3, `r${i}`, {}))],
    ['a flood of noise', 1008, ({ socket }) => repeat(1_000, () => socket.send('noise'))],
  ])('%s (%i)', async (_what, code, attack) => {
    await using it = await worldWithBystander();
    const station = await dial(it.world.server.port);
    attack(station);
    expect(await station.closed).toBe(code);
    await it.isUnharmed();
  });

  test('long calls that pile up while one is being handled close the connection (1008)', async () => {
    await using it = await worldWithBystander({}, { received: () => new Promise(() => undefined) });
    const station = await dial(it.world.server.port);
    station.say(2, 'held', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    repeat(9, (i) => station.say(2, `c${i}`, 'DataTransfer', { vendorId: 'v', data: 'x'.repeat(200_000) }));
    expect(await station.closed).toBe(1008);
    await it.isUnharmed();
  });

  test('a message of 256 kB is taken', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    const frame = JSON.stringify([2, 'big', 'DataTransfer', { vendorId: 'v', data: '' }]);
    station.socket.send(frame.replace('""}', `"${'x'.repeat(usualLimits.payload - frame.length)}"}`));
    expect(await station.hear()).toEqual([3, 'big', { status: 'UnknownVendorId' }]);
  });

  test('invalid UTF-8 ends the connection', async () => {
    await using it = await worldWithBystander();
    const { port } = it.world.server;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: ${basic('CP1', PASSWORD)}\r\n\r\n`,
    );
    socket.once('data', () => socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])));
    await new Promise((done) => socket.resume().once('close', done));
    await it.isUnharmed();
  });

  test('compression is not spoken', async () => {
    await using world = await openWorld();
    expect((await dial(world.server.port)).socket.extensions).toBe('');
  });

  test('a station that waits for each answer may tell a long history', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    for (let i = 0; i < 50; i += 1) await station.tell('Heartbeat', {});
    const next = station.tell('Heartbeat', {});
    world.clock.advance(100);
    expect((await next)[0]).toBe(3);
  });

  test('more than the limit is slowed, not refused', async () => {
    await using world = await openWorld({ limits: { burst: 2, messagesPerSecond: 1 } });
    const station = await dial(world.server.port);
    await station.tell('Heartbeat', {});
    await station.tell('Heartbeat', {});
    station.say(2, 'third', 'Heartbeat', {});
    await roundTrip(station);
    const answer = stationOf(world).send(order(world, setRequest));
    const [, id, action] = await station.hear();
    expect(action).toBe('SetChargingProfile'); // and not the answer to the third
    station.say(3, id, { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' }); // an answer that is waited for is not held up
    world.clock.advance(1_000);
    expect((await station.hear())[1]).toBe('third');
  });

  test('a station that reads nothing is dropped once the socket holds too much', async () => {
    await using it = await worldWithBystander({ limits: { ...patient.limits, unsent: 10_000 } });
    const station = await dial(it.world.server.port, { protocols: 'ocpp2.1' });
    await station.tell('Heartbeat', {});
    station.socket.pause();
    const long = 'x'.repeat(128);
    const certificateHashData = { hashAlgorithm: 'SHA256', issuerNameHash: long, issuerKeyHash: long, serialNumber: '1' };
    const certificateStatusRequests = Array.from({ length: 4 }, () => ({ certificateHashData, source: 'OCSP', urls: ['x'] }));
    while (it.world.server.counts()['closed-for-abuse'] === undefined) {
      repeat(100, (i) => station.say(2, `c${i}`, 'GetCertificateChainStatus', { certificateStatusRequests }));
      await new Promise((done) => setImmediate(done));
    }
    await it.isUnharmed();
  });
});

describe('frames that are none', () => {
  test.each([
    ['1.6', 'ocpp1.6', 'FormationViolation'],
    ['2.0.1', 'ocpp2.0.1', 'RpcFrameworkError'],
    ['2.1', 'ocpp2.1', 'RpcFrameworkError'],
  ])('OCPP %s: with an id that can be read they get its error', async (_version, protocols, code) => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols });
    station.say(2, 'a', 'Heartbeat');
    expect((await station.hear()).slice(0, 3)).toEqual([4, 'a', code]);
    station.say(2, 'b', { not: 'an action' }, {});
    expect((await station.hear()).slice(0, 3)).toEqual([4, 'b', code]);
  });

  test('OCPP 1.6: without an id they are dropped and counted', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port);
    station.socket.send('{');
    station.say(2, 17, 'Heartbeat', {});
    station.say(99, 'x', 'y');
    expect((await station.tell('Heartbeat', {}, 'next'))[1]).toBe('next');
    expect(world.server.counts()['unreadable-message']).toBe(3);
  });

  test('OCPP 2.0.1: without an id they are answered under -1 (part 4 §4.2.3)', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols: 'ocpp2.0.1' });
    station.say(2, 17, 'Heartbeat', {});
    expect((await station.hear()).slice(0, 3)).toEqual([4, '-1', 'RpcFrameworkError']);
  });

  test('a message type that does not exist is ignored in every version', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols: 'ocpp2.1' });
    station.say(99, 'x', 'y', {});
    station.say(6, 'x', 'NotifyPeriodicEventStream', {});
    station.say(5, 'x', 'GenericError', '', {});
    expect((await station.tell('Heartbeat', {}, 'next'))[1]).toBe('next');
  });
});

describe('G-19: a thousand hostile frames', () => {
  test.each(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'])('%s: the process, the station and the others are unharmed', async (protocols) => {
    await using it = await worldWithBystander(patient);
    const station = await dial(it.world.server.port, { protocols });
    const random = mulberry(20_260_310);
    const frames = Array.from({ length: 1_000 }, () => hostileFrame(random));
    for (const frame of frames) station.socket.send(frame);
    station.say(2, 'the last', 'Heartbeat', {});
    let heard = await station.hear();
    while (heard[1] !== 'the last') heard = await station.hear();
    expect(heard[0]).toBe(3);
    const answer = stationOf(it.world).send(order(it.world, setRequest));
    let call = await station.hear();
    while (call[0] !== 2) call = await station.hear();
    station.say(3, call[1], { status: 'Accepted' });
    expect(await answer).toEqual({ is: 'ACCEPTED' });
    await it.isUnharmed();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

function repeat(times: number, act: (index: number) => void): void {
  for (let i = 0; i < times; i += 1) act(i);
}

function sendInFragments(socket: BareStation['socket'], count: number): void {
  for (let i = 0; i < count; i += 1) socket.send('x', { fin: i === count - 1 });
}

/** A small generator of random numbers in [0, 1): the same seed makes the same frames. */
function mulberry(seed: number): () => number {
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
