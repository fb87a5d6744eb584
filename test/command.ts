import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { portOf } from './raw-peer.ts';

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** What a command left when it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `evenkeel` as a process of its own; it is killed when the test ends. */
export interface Command extends AsyncDisposable {
  /** The first whole line on standard output that fits, past or to come; rejects when the process ends without it. */
  line(fits: RegExp): Promise<string>;
  /** Whole lines on standard output so far. */
  lines(): readonly string[];
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** Starts `evenkeel` with these arguments. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Command {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  child.stdin.on('error', () => undefined); // a command that reads nothing may be gone already
  child.stdin.end(input);
  const said = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    said.stdout += piece;
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said.stderr += piece;
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...said }));
  const lines = () => said.stdout.split('\n').slice(0, -1);
  return {
    lines,
    ended,
    line: (fits) => {
      const found = new Promise<string>((resolve) => {
        const look = () => {
          const line = lines().find((it) => fits.test(it));
          if (line === undefined) return;
          watchers.delete(look);
          resolve(line);
        };
        watchers.add(look);
        look();
      });
      const never = ended.then(({ code, stdout, stderr }) => {
        throw new Error(`evenkeel ${args.join(' ')} ended with ${code} and no line like ${fits}:\n${stdout}${stderr}`);
      });
      return Promise.race([found, never]);
    },
    signal: (name) => void child.kill(name),
    [Symbol.asyncDispose]: () => end(child, ended),
  };
}

async function end(child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  if (child.exitCode === null) child.kill('SIGKILL');
  await ended;
}

/** Runs `evenkeel` with these arguments to its end. */
export async function runCommand(...args: readonly string[]): Promise<Ended> {
  await using command = startCommand(args);
  return await command.ended;
}

/** The same, with what it reads on standard input. */
export async function tellCommand(input: string, ...args: readonly string[]): Promise<Ended> {
  await using command = startCommand(args, {}, input);
  return await command.ended;
}

/** Ports of this machine that were free a moment ago, for files that must name them. */
export async function freePorts<N extends number>(count: N): Promise<readonly number[] & { length: N }>;
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
