import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { WebSocket } from 'ws';
import { startProgram } from '../child-program.ts';
import { Connections } from '../driver/http-wire.ts';
import type { Workspace } from '../workspace.ts';
import type { handlers as echoDesk } from './echo-program.ts';

/** What the machine can do in this minute; all of it per second. */
export interface Calibration {
  /** Requests to a bare node:http server in another process, 16 in flight. */
  httpRequests: number;
  /** Messages to a WebSocket server in another process and back, 16 in flight. */
  webSocketEchoes: number;
  /** Commits of one row of 600 bytes to SQLite (WAL, synchronous=FULL), one after another. */
  sqliteCommits: number;
  /** Commits of one row of 600 bytes to PostgreSQL from 16 connections. */
  postgresCommits: number | undefined;
}

const SPAN_MS = 1_500;
const ROW = 'x'.repeat(600);

/** Takes about six seconds. */
export async function calibrate(laboratory: Workspace): Promise<Calibration> {
  await using echo = startProgram<typeof echoDesk>('calibration/echo-program.ts');
  const { port } = await echo.call('open', undefined);
  return {
    httpRequests: await httpRequests(port),
    webSocketEchoes: await webSocketEchoes(port),
    sqliteCommits: sqliteCommits(join(laboratory.newFolder(), 'calibration.db')),
    postgresCommits: laboratory.hasPostgres ? await postgresCommits(await laboratory.newDatabase('postgres')) : undefined,
  };
}

/** Repeats `work`, `lanes` at a time, and counts how often a second it was done. */
async function rateOf(lanes: number, work: (lane: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let count = 0;
  const lane = async (number: number) => {
    while (performance.now() - began < SPAN_MS) {
      await work(number);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  return count / ((performance.now() - began) / 1000);
}

async function httpRequests(port: number): Promise<number> {
  const connections = await Connections.open({ host: '127.0.0.1', port, count: 16 });
  const request = `PUT /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 300\r\n\r\n${'x'.repeat(300)}`;
  const rate = await rateOf(16, () => new Promise((answered) => connections.send(request, answered)));
  connections.close();
  return rate;
}

async function webSocketEchoes(port: number): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await new Promise((open) => socket.once('open', open));
  const waiting: ((data: unknown) => void)[] = [];
  socket.on('message', (data) => waiting.shift()?.(data));
  const rate = await rateOf(16, () => {
    socket.send(ROW);
    return new Promise((came) => waiting.push(came));
  });
  socket.terminate();
  return rate;
}

function sqliteCommits(path: string): number {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE line (id INTEGER PRIMARY KEY, body TEXT)');
  const insert = db.prepare('INSERT INTO line (body) VALUES (?)');
  const began = performance.now();
  let count = 0;
  for (; performance.now() - began < SPAN_MS; count++) insert.run(ROW);
  db.close();
  return count / ((performance.now() - began) / 1000);
}

async function postgresCommits(url: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  await pool.query('CREATE TABLE line (id BIGSERIAL PRIMARY KEY, body TEXT)');
  const rate = await rateOf(16, () => pool.query({ name: 'insert', text: 'INSERT INTO line (body) VALUES ($1)', values: [ROW] }));
  await pool.end();
  return rate;
}
