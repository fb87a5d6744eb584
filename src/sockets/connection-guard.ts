import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../domain/clock.ts';

/** Most connections that a server keeps open at once; one more is closed before a byte of it is read. */
export interface ConnectionLimits {
  /** Of all clients together. */
  total: number;
  /** Of one address. */
  perAddress: number;
  /** A trusted reverse proxy carries many clients: only `total` applies to its address. */
  isProxy(address: string): boolean;
}

/** Milliseconds that a client has to read a last answer before its socket is destroyed. */
const LAST_ANSWER_MS = 1_000;
/** Milliseconds that requests under way have to be answered when the server stops. */
const STOP_GRACE_MS = 3_000;

/** Keeps the connections of a server countable: a bound on them, and an end for all of them when the server stops. */
export interface ConnectionGuard {
  /** How many were closed because there were too many. */
  refused(): number;
  /** Counts a connection no longer, since another bound applies to it from now on. */
  release(socket: Socket): void;
  /** Destroys connections without a request under way at once, and the others after a grace of 3 s at most. */
  stop(): void;
}

/** Sends the last bytes of a connection and closes it, also when the client never closes its side (SEC-23). */
export function endWith(socket: Socket, bytes: string, clock: Clock): void {
  // Unread bytes would turn the close into a reset, which may take the answer away from the client.
  socket.resume();
  const forget = clock.after(LAST_ANSWER_MS, () => socket.destroy());
  socket.once('close', forget);
  socket.end(bytes);
}

interface Connection {
  /** The bare socket, also below TLS. */
  socket: Socket;
  /** Requests whose answer is not complete. */
  answering: number;
}
/** With TLS a request has another socket object than the connection; both have the same remote end. */
const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;

/** Watches the connections of a server; call it before the server listens. */
export function guardConnections(server: Server, { clock, limits }: { clock: Clock; limits: ConnectionLimits }): ConnectionGuard {
  const open = new Map<string, Connection>();
  const perAddress = new Map<string, number>();
  let refused = 0;
  let stopping = false;

  function add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const count = perAddress.get(address) ?? 0;
    if (stopping || open.size >= limits.total || (count >= limits.perAddress && !limits.isProxy(address))) {
      refused += 1;
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    open.set(key, { socket, answering: 0 });
    perAddress.set(address, count + 1);
    socket.once('close', () => remove(key, address));
  }

  function remove(key: string, address: string): void {
    if (!open.delete(key)) return;
    const left = (perAddress.get(address) ?? 1) - 1;
    if (left > 0) perAddress.set(address, left);
    else perAddress.delete(address);
  }

  function track({ socket }: IncomingMessage, response: ServerResponse): void {
    const connection = open.get(keyOf(socket));
    if (!connection) return;
    connection.answering += 1;
    response.once('close', () => {
      connection.answering -= 1;
      if (stopping && connection.answering === 0) socket.destroySoon();
    });
  }

  server.on('connection', add);
  server.on('request', track);

  return {
    refused: () => refused,
    release: (socket) => remove(keyOf(socket), socket.remoteAddress ?? ''),
    stop: () => {
      stopping = true;
      for (const { socket, answering } of open.values()) if (answering === 0) socket.destroy();
      const forget = clock.after(STOP_GRACE_MS, () => {
        for (const { socket } of open.values()) socket.destroy();
      });
      server.once('close', forget);
    },
  };
}
