import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../src/domain/clock.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { type Fields, fieldsOf } from './dialect.ts';
import { violationOf } from './schema-check.ts';

/** A WebSocket server that accepts everything, for tests of the simulated station without a node. */
export interface BareNode extends AsyncDisposable {
  url: string;
  /** The frames of each station, in order. */
  frames: Map<string, unknown[][]>;
  /** The schema violations in all frames. */
  violations: string[];
  /** Sends a call to a station; resolves with the frame that answers it. */
  call(id: string, action: string, payload: object): Promise<unknown[]>;
  /** Sends raw text to a station. */
  write(id: string, text: string): void;
  /** Drops a station's socket. */
  hangUp(id: string): void;
  /** Sets the payload that answers an action from now on. */
  setAnswer(action: string, payload: object): void;
  /** Resolves with the station's next call of this action. */
  next(id: string, action: string): Promise<Fields>;
}

interface Memory {
  clock: Clock;
  sockets: Map<string, WebSocket>;
  frames: Map<string, unknown[][]>;
  calls: Map<string, { action: string; resolve: (frame: unknown[]) => void }>;
  answers: Map<string, object>;
  waiters: { id: string; action: string; resolve: (payload: Fields) => void }[];
  violations: string[];
  checks: Promise<void>[];
}

/** Opens a bare node on loopback; with a `password` it refuses any other. */
export async function openBareNode({ clock, password }: { clock: Clock; password?: string }): Promise<BareNode> {
  const memory: Memory = { clock, sockets: new Map(), frames: new Map(), calls: new Map(), answers: new Map(), waiters: [], violations: [], checks: [] };
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: ({ req }: { req: IncomingMessage }) => passwordMatches(req.headers.authorization, password),
  });
  server.on('connection', (socket, request) =>
    receive(socket, { id: decodeURIComponent((request.url ?? '').split('/').findLast((part) => part !== '') ?? ''), memory }),
  );
  await new Promise((done) => server.once('listening', done));
  let count = 0;
  return {
    url: `ws://127.0.0.1:${portOf(server.address())}/ocpp`,
    frames: memory.frames,
    violations: memory.violations,
    call: (id, action, payload) =>
      new Promise((resolve) => {
        count += 1;
        memory.calls.set(`n-${count}`, { action, resolve });
        memory.sockets.get(id)?.send(JSON.stringify([2, `n-${count}`, action, payload]));
      }),
    write: (id, text) => memory.sockets.get(id)?.send(text),
    hangUp: (id) => memory.sockets.get(id)?.terminate(),
    setAnswer: (action, payload) => void memory.answers.set(action, payload),
    next: (id, action) => new Promise((resolve) => memory.waiters.push({ id, action, resolve })),
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((done) => server.close(done));
      await Promise.all(memory.checks);
    },
  };
}

const passwordMatches = (header: string | undefined, password: string | undefined) =>
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
    if (frame[0] === 2) answerCall(frame, { id, socket, version, memory });
    else receiveAnswer(frame, { id, version, memory });
  });
}

function answerCall(
  [, call, action, payload]: unknown[],
  { id, socket, version, memory }: { id: string; socket: WebSocket; version: OcppVersion; memory: Memory },
): void {
  memory.checks.push(check({ id, version, message: `${action}Request`, payload }, memory));
  socket.send(JSON.stringify([3, call, memory.answers.get(String(action)) ?? defaultAnswer(String(action), { id, memory })]));
  for (const waiter of memory.waiters.filter((waiter) => waiter.id === id && waiter.action === action)) waiter.resolve(fieldsOf(payload));
  memory.waiters = memory.waiters.filter((waiter) => waiter.id !== id || waiter.action !== action);
}

function defaultAnswer(action: string, { id, memory }: { id: string; memory: Memory }): object {
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

function receiveAnswer(frame: unknown[], { id, version, memory }: { id: string; version: OcppVersion; memory: Memory }): void {
  const call = memory.calls.get(String(frame[1]));
  if (call && frame[0] === 3) memory.checks.push(check({ id, version, message: `${call.action}Response`, payload: frame[2] }, memory));
  call?.resolve(frame);
}

async function check(
  { id, version, message, payload }: { id: string; version: OcppVersion; message: string; payload: unknown },
  { violations }: Memory,
): Promise<void> {
  const violation = await violationOf(version, message, payload);
  if (violation) violations.push(`${id} ${version} ${message}: ${violation.code} ${violation.description}`);
}
