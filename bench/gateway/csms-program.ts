import { createServer } from 'node:http';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { serveCalls, usage } from '../child-program.ts';
import { listenOnLoopback } from '../loopback.ts';
import { clockMicroseconds, sentAt, sequenceIn } from './frames.ts';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const passed: number[] = [];
let port = 0;
let records = false;

/** What arrived of the numbered messages: how many, and how many came before an earlier one of their station. */
const arrived = { messages: 0, outOfOrder: 0 };
const lastOf = new Map<string, number>();
const waiting: { count: number; done: () => void }[] = [];

sockets.on('connection', (socket, request) => {
  socket.on('error', () => undefined); // `close` follows
  socket.on('message', (data) => receive({ socket, station: request.url ?? '' }, data));
});

function receive({ socket, station }: { socket: WebSocket; station: string }, data: RawData): void {
  const now = clockMicroseconds();
  const text = data.toString();
  if (!text.startsWith('[2,')) return;
  const id = text.slice(4, text.indexOf('"', 4));
  const sent = sentAt(id);
  if (records && sent !== undefined) passed.push(now - sent);
  socket.send(`[3,"${id}",${answerTo(text)}]`);
  const sequence = sequenceIn(text);
  if (sequence !== undefined) count(station, sequence);
}

function answerTo(text: string): string {
  if (text.includes('"BootNotification"')) return `{"status":"Accepted","currentTime":"${new Date().toISOString()}","interval":3600}`;
  return '{}';
}

function count(station: string, sequence: number): void {
  arrived.messages += 1;
  if (sequence !== (lastOf.get(station) ?? -1) + 1) arrived.outOfOrder += 1;
  lastOf.set(station, sequence);
  for (const { done } of waiting.filter((it) => arrived.messages >= it.count)) done();
}

async function open(): Promise<{ url: string }> {
  port = await listenOnLoopback(server);
  return { url: `ws://127.0.0.1:${port}` };
}

async function away(): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  await new Promise((closed) => server.close(closed));
}

const back = () => new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));

/** Begins to record passing times, or ends it and returns them in µs. */
function record(on: boolean): readonly number[] {
  records = on;
  return on ? [] : passed.splice(0);
}

/** Resolves when this many numbered messages have arrived. */
async function received(count: number): Promise<typeof arrived> {
  if (arrived.messages < count) await new Promise<void>((done) => waiting.push({ count, done }));
  return arrived;
}

/** A CSMS that answers every call at once and parses as little as possible. */
export const handlers = { open, away, back, record, received, usage };
serveCalls(handlers);
