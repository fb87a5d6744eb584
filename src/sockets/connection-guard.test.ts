import { readdirSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { epochMillis } from '../domain/units.ts';
import { type ConnectionLimits, endWith, guardConnections } from './connection-guard.ts';

/** A clock whose waits end when the test says so. */
function handClock(): Clock & { ring(): void } {
  const waits = new Set<() => void>();
  return {
    now: () => epochMillis(0),
    steady: () => epochMillis(0),
    after: (_milliseconds, then) => {
      waits.add(then);
      return () => void waits.delete(then);
    },
    ring: () => {
      for (const then of [...waits]) then();
    },
  };
}

const limits: ConnectionLimits = { total: 100, perAddress: 50, isProxy: () => false };

async function open(given: Partial<ConnectionLimits> = {}, handle?: Parameters<typeof createServer>[1]) {
  const clock = handClock();
  const server: Server = createServer(handle ?? ((_request, response) => void response.end('answered')));
  server.on('clientError', (_error, socket) => endWith(socket as Socket, 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', clock));
  const guard = guardConnections(server, { clock, limits: { ...limits, ...given } });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, guard, clock, port };
}

/** A client that keeps its own side open whatever the server does. */
async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined); // a reset is one of the answers
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((there) => socket.once('connect', there));
  return socket;
}
const connectionsOf = (server: Server) => new Promise<number>((then) => server.getConnections((_error, count) => then(count)));
const sockets = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false; // closed meanwhile
    }
  }).length;
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((then) => setImmediate(then));
};

describe('the connections of a server', () => {
  test('SEC-23: a client that never closes its side keeps no descriptor of ours after its last answer', async () => {
    const { server, clock, port } = await open();
    const clients = await Promise.all(Array.from({ length: 20 }, () => dial(port)));
    while ((await connectionsOf(server)) < clients.length) await new Promise((then) => setImmediate(then));
    const before = sockets();
    for (const client of clients) client.write('no HTTP at all\r\n\r\n');
    await Promise.all(clients.map((client) => new Promise((heard) => client.once('data', heard))));
    clock.ring();
    await until(() => sockets() <= before - clients.length);
    expect(sockets()).toBeLessThanOrEqual(before - clients.length);
  });

  test('SEC-23: one address has a bound; a trusted proxy has the bound of all together', async () => {
    const { guard, port } = await open({ perAddress: 3 });
    const clients = await Promise.all(Array.from({ length: 5 }, () => dial(port)));
    await until(() => guard.refused() === 2);
    expect(guard.refused()).toBe(2);
    clients[0]?.destroy();
    const proxied = await open({ perAddress: 3, total: 4, isProxy: () => true });
    await Promise.all(Array.from({ length: 6 }, () => dial(proxied.port)));
    await until(() => proxied.guard.refused() === 2);
    expect(proxied.guard.refused()).toBe(2);
  });

  test('SEC-23: a closed connection makes room for another of its address', async () => {
    const { guard, port } = await open({ perAddress: 1 });
    const first = await dial(port);
    const gone = new Promise((then) => first.once('close', then));
    first.destroy();
    await gone;
    await new Promise((then) => setTimeout(then, 20)); // the server hears of the close in a turn of its own
    const second = await dial(port);
    second.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String(await new Promise((heard) => second.once('data', heard)))).toContain('200');
    expect(guard.refused()).toBe(0);
  });

  test('a stop destroys who only holds a connection, lets an answer under way finish, and waits for no one longer than its grace', async () => {
    const pending: (() => void)[] = [];
    const { server, guard, clock, port } = await open({}, (_request, response) => void pending.push(() => response.end('late')));
    const [half, asking, stuck] = [await dial(port), await dial(port), await dial(port)];
    half.write('GET / HTTP/1.1\r\nHos');
    for (const client of [asking, stuck]) client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => pending.length === 2);
    const closed = new Promise((then) => server.close(then));
    const ended = (socket: Socket) =>
      new Promise<void>((then) =>
        socket
          .once('close', () => then())
          .once('end', () => then())
          .resume(),
      );
    const [halfGone, stuckGone] = [ended(half), ended(stuck)];
    const answer = new Promise((heard) => asking.once('data', heard));
    guard.stop();
    await halfGone;
    pending[0]?.();
    expect(String(await answer)).toContain('late');
    clock.ring();
    await stuckGone;
    await closed;
  });
});
