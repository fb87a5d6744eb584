import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../src/domain/clock.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { type Fields, fieldsOf } from './dialect.ts';
import { breachOf } from './schema-check.ts';

/** A WebSocket server that says yes to every station: the counterpart for showing a simulated station without a node. */
export interface BareNode extends AsyncDisposable {
  url: string;
  /** Frames that stations sent, by station, in order. */
  frames: Map<string, unknown[][]>;
  /** What was wrong with frames by the official schemas. */
  breaches: string[];
  /** Asks a station and resolves with its answering frame. */
  call(id: string, action: string, payload: object): Promise<unknown[]>;
  /** Writes text to a station's socket. */
  write(id: string, text: string): void;
  /** Closes a station's socket from this side. */
  hangUp(id: string): void;
  /** Answers this action with that payload from now on. */
  answer(action: string, payload: object): void;
  /** Resolves with the station's next call of this action. */
  next(id: string, action: string): Promise<Fields>;
}

interface Memory {
  clock: Clock;
  sockets: Map<string, WebSocket>;
  frames: Map<string, unknown[][]>;
  asked: Map<string, { action: string; hear: (frame: unknown[]) => void }>;
  answers: Map<string, object>;
  waiters: { id: string; action: string; hear: (payload: Fields) => void }[];
  breaches: string[];
  checks: Promise<void>[];
}

/** Opens one on loopback; `password` refuses others. */
export async function openBareNode({ clock, password }: { clock: Clock; password?: string }): Promise<BareNode> {
  const memory: Memory = { clock, sockets: new Map(), frames: new Map(), asked: new Map(), answers: new Map(), waiters: [], breaches: [], checks: [] };
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: ({ req }: { req: IncomingMessage }) => admits(req.headers.authorization, password),
  });
  server.on('connection', (socket, request) => receive(socket, { id: decodeURIComponent((request.url ?? '').split('/').at(-1) ?? ''), memory }));
  await new Promise((done) => server.once('listening', done));
  let count = 0;
  return {
    url: `ws://127.0.0.1:${portOf(server.address())}/ocpp`,
    frames: memory.frames,
    breaches: memory.breaches,
    call: (id, action, payload) =>
      new Promise((hear) => {
        count += 1;
        memory.asked.set(`n-${count}`, { action, hear });
        memory.sockets.get(id)?.send(JSON.stringify([2, `n-${count}`, action, payload]));
      }),
    write: (id, text) => memory.sockets.get(id)?.send(text),
    hangUp: (id) => memory.sockets.get(id)?.terminate(),
    answer: (action, payload) => void memory.answers.set(action, payload),
    next: (id, action) => new Promise((hear) => memory.waiters.push({ id, action, hear })),
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((done) => server.close(done));
      await Promise.all(memory.checks);
    },
  };
}

const admits = (header: string | undefined, password: string | undefined) =>
  password === undefined ||
  Buffer.from(header?.replace('Basic ', '') ?? '', 'base64')
    .toString()
    .endsWith(`:${password}`);
const portOf = (address: string | AddressInfo | null) => (address !== null && typeof address === 'object' ? address.port : 0);
const VERSIONS: Record<string, OcppVersion> = { 'ocpp1.6': '1.6', 'ocpp2.0.1': '2.0.1', 'ocpp2.1': '2.1' };

function receive(socket: WebSocket, { id, memory }: { id: string; memory: Memory }): void {
  const version = VERSIONS[socket.protocol] ?? '1.6';
  memory.sockets.set(id, socket);
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse(String(data));
    if (!Array.isArray(frame)) return;
    memory.frames.set(id, [...(memory.frames.get(id) ?? []), frame]);
    if (frame[0] === 2) answer(frame, { id, socket, version, memory });
    else settle(frame, { id, version, memory });
  });
}

function answer(
  [, call, action, payload]: unknown[],
  { id, socket, version, memory }: { id: string; socket: WebSocket; version: OcppVersion; memory: Memory },
): void {
  memory.checks.push(check({ version, message: `${action}Request`, payload }, memory));
  socket.send(JSON.stringify([3, call, memory.answers.get(String(action)) ?? welcome(String(action), { id, memory })]));
  for (const waiter of memory.waiters.filter((waiter) => waiter.id === id && waiter.action === action)) waiter.hear(fieldsOf(payload));
  memory.waiters = memory.waiters.filter((waiter) => waiter.id !== id || waiter.action !== action);
}

function welcome(action: string, { id, memory }: { id: string; memory: Memory }): object {
  const currentTime = new Date(memory.clock.now()).toISOString();
  const accepted = { status: 'Accepted' };
  switch (action) {
    case 'BootNotification':
      return { ...accepted, currentTime, interval: 300 };
    case 'Heartbeat':
      return { currentTime };
    case 'Authorize':
      return { idTagInfo: accepted, idTokenInfo: accepted };
    case 'StartTransaction':
      return { idTagInfo: accepted, transactionId: memory.frames.get(id)?.length ?? 1 };
    default:
      return {};
  }
}

function settle(frame: unknown[], { version, memory }: { id: string; version: OcppVersion; memory: Memory }): void {
  const asked = memory.asked.get(String(frame[1]));
  if (asked && frame[0] === 3) memory.checks.push(check({ version, message: `${asked.action}Response`, payload: frame[2] }, memory));
  asked?.hear(frame);
}

async function check({ version, message, payload }: { version: OcppVersion; message: string; payload: unknown }, { breaches }: Memory): Promise<void> {
  const breach = await breachOf(version, message, payload);
  if (breach) breaches.push(`${version} ${message}: ${breach.code} ${breach.description}`);
}
