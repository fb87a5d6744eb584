import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../src/cli/command-line.ts';

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** Exit code and output of a command that has ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `evenkeel` as a process of its own. Disposing kills it. */
export interface Command extends AsyncDisposable {
  /** Resolves with the first line on standard output that matches, also when it was printed before the call; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** The same for standard error. */
  errorLine(pattern: RegExp): Promise<string>;
  /** Complete lines on standard output so far. */
  lines(): readonly string[];
  signal(name: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** Starts `evenkeel` with these arguments. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Command {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'pipe', env: { ...process.env, ...env } });
  child.stdin.on('error', () => undefined).end(input); // a command that does not read its input may end before the input is written
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output.stdout += piece;
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    output.stderr += piece;
    for (const watcher of watchers) watcher();
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...output }));
  const linesOf = (stream: 'stdout' | 'stderr') => output[stream].split('\n').slice(0, -1);
  const lineOn = (stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string> => {
    const found = new Promise<string>((resolve) => {
      const check = () => {
        const line = linesOf(stream).find((it) => pattern.test(it));
        if (line === undefined) return;
        watchers.delete(check);
        resolve(line);
      };
      watchers.add(check);
      check();
    });
    const missing = ended.then(({ code, stdout, stderr }) => {
      throw new Error(`evenkeel ${args.join(' ')} ended with ${code} and no line matching ${pattern}:\n${stdout}${stderr}`);
    });
    return Promise.race([found, missing]);
  };
  return {
    lines: () => linesOf('stdout'),
    ended,
    line: (pattern) => lineOn('stdout', pattern),
    errorLine: (pattern) => lineOn('stderr', pattern),
    signal: (name) => void child.kill(name),
    [Symbol.asyncDispose]: () => end(child, ended),
  };
}

async function end(child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  if (child.exitCode === null) child.kill('SIGKILL');
  await ended;
}

/** Runs `evenkeel` with these arguments in this process. */
export const runCommand = (...args: readonly string[]): Promise<Ended> => runCommandWith({}, ...args);

/** Runs `evenkeel` in this process, with `input` on its standard input. */
export const pipeCommand = (input: string, ...args: readonly string[]): Promise<Ended> => runCommandWith({ input }, ...args);

/** Runs `evenkeel` in this process, with more environment variables and this standard input. */
export async function runCommandWith(
  { env, input = '' }: { env?: Readonly<Record<string, string>>; input?: string },
  ...args: readonly string[]
): Promise<Ended> {
  const [stdout, stderr] = [collect(), collect()];
  const code = await runCommandLine(args, { stdin: Readable.from(input === '' ? [] : [input]), stdout, stderr, env: { ...process.env, ...env } });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A stream that keeps what is written to it. */
function collect(): Writable & { text(): string } {
  let all = '';
  const stream = new Writable({
    decodeStrings: false,
    write: (piece, _encoding, done) => {
      all += String(piece);
      done();
    },
  });
  return Object.assign(stream, { text: () => all });
}
