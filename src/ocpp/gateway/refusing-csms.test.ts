import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openBareCsms, openPairs } from './bare-csms.fixture.ts';
import type { Upstream } from './upstream.ts';

test.each([1008, 3000, 3003])('GW-F02: a station that the CSMS lets in and closes with %i is closed with the same code, and is not answered', async (code) => {
  await using csms = await openBareCsms();
  await using world = await openPairs(csms);
  const station = await world.station();
  station.sendFrame(2, 'b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  await csms.nextMessage();
  const [refused] = [once(csms.socket(), 'close'), csms.socket().close(code, 'Unknown station')];
  await refused;
  const answers: string[] = [];
  station.socket.on('message', (data) => answers.push(String(data)));
  station.sendFrame(2, 'c', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  expect(await station.closed).toBe(code);
  expect(answers).toEqual([]);
  expect(world.disk.rows).toEqual([]);
  world.clock.advance(120_000);
  expect(csms.connections).toHaveLength(1);
});

test.each([
  ['refuses the station: it gets no answer', 1008, 0],
  ['is away: the message is kept', 1011, 1],
])('GW-F02: a call while the connection to the CSMS is closing waits for the reason; the CSMS %s', async (_what, code, kept) => {
  await using csms = await openBareCsms();
  await using world = await openPairs(csms);
  const station = await world.station();
  const socket = csms.socket();
  socket.pause();
  const closing = Buffer.from([0x88, 2, 0, 0]);
  closing.writeUInt16BE(code, 2);
  Reflect.get(socket, '_socket').write(closing);
  const roundTrip = async () => {
    station.socket.ping();
    await once(station.socket, 'pong');
  };
  // The node answers the ping itself once the connection is closing.
  await roundTrip();
  station.sendFrame(2, 'm', 'MeterValues', { connectorId: 1, meterValue: [] });
  await roundTrip();
  expect(world.disk.rows).toEqual([]);
  socket.terminate();
  if (kept === 0) expect(await station.closed).toBe(code);
  else expect(await station.nextFrame()).toEqual([3, 'm', {}]);
  expect(world.disk.rows).toHaveLength(kept);
});

test('GW-F03: a CSMS that closes each connection at once is asked at growing intervals, and soon again once it has sent something', async () => {
  await using csms = await openBareCsms();
  let dialled = 0;
  const dial: Upstream['dial'] = async ({ hostname, port }) => {
    dialled += 1;
    return connect({ host: hostname, port: Number(port) });
  };
  await using world = await openPairs(csms, { upstream: { dial } });
  const station = await world.station();
  const close = async () => {
    const lost = csms.connections.length;
    csms.socket().close(1011);
    await expect.poll(() => world.server.counts()).toMatchObject({ 'csms-lost': lost });
  };
  const comesAfter = async (wait: number) => {
    const before = dialled;
    const opened = csms.nextConnection();
    world.clock.advance(wait - 1);
    station.socket.ping();
    await once(station.socket, 'pong');
    expect(dialled).toBe(before);
    world.clock.advance(wait / 4 + 1);
    await opened;
  };
  for (const wait of [1_000, 2_000, 4_000]) {
    await close();
    await comesAfter(wait);
  }
  csms.socket().send('[2,"x","Unheard",{}]');
  await close();
  await comesAfter(1_000);
});

test('GW-A06: when it cannot be stored how a station was let in, the station is refused, and no connection to the CSMS stays', async () => {
  await using csms = await openBareCsms();
  await using world = await openPairs(csms);
  world.letIn.set = () => {
    throw new Error('disk full');
  };
  await expect(world.station()).rejects.toThrow('HTTP 503');
  await expect.poll(() => csms.connections.map(({ socket }) => socket.readyState)).toEqual([3]);
});
