import { fork } from 'node:child_process';
import { join } from 'node:path';

/** The functions that a program of the bench offers to its parent process, by name. Arguments and results travel as JSON. */
type Handlers = Readonly<Record<string, (argument: never) => unknown>>;
type Argument<F> = F extends (argument: infer A) => unknown ? A : never;

/** A program in a process of its own; `H` is the type of the `handlers` that its file exports. */
export interface Program<H extends Handlers> extends AsyncDisposable {
  pid: number;
  /** Calls one handler; rejects when the handler throws or the process ends. */
  call<N extends keyof H & string>(name: N, argument: Argument<H[N]>): Promise<Awaited<ReturnType<H[N]>>>;
  /** The last 4,000 characters that the program wrote to standard error. */
  errorOutput(): string;
}

interface PendingCall {
  resolve(value: never): void;
  reject(problem: Error): void;
}

/** Starts `bench/<file>`; `nodeOptions` are command-line options for Node itself. */
export function startProgram<H extends Handlers>(file: string, nodeOptions: readonly string[] = []): Program<H> {
  const child = fork(join(import.meta.dirname, file), { execArgv: [...nodeOptions], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const pending = new Map<number, PendingCall>();
  let calls = 0;
  let errorOutput = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-4_000);
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  let disposing = false;
  child.once('exit', (code, signal) => {
    if (disposing) return;
    for (const { reject } of pending.values()) reject(new Error(`${file} ended with ${code ?? signal}: ${errorOutput}`));
  });
  child.on('message', (text) => {
    const { number, value, problem }: { number: number; value: never; problem?: string } = JSON.parse(String(text));
    const call = pending.get(number);
    pending.delete(number);
    if (problem === undefined) call?.resolve(value);
    else call?.reject(new Error(`${file}: ${problem}`));
  });
  return {
    pid: child.pid ?? 0,
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        calls += 1;
        pending.set(calls, { resolve, reject });
        child.send(JSON.stringify({ number: calls, name, argument }));
      }),
    errorOutput: () => errorOutput,
    [Symbol.asyncDispose]: async () => {
      disposing = true;
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The side of the child process: answers calls until the parent process disconnects, then exits. */
export function serveCalls(handlers: Handlers): void {
  const byName = new Map<string, (argument: never) => unknown>(Object.entries(handlers));
  process.on('message', (text) => {
    const { number, name, argument }: { number: number; name: string; argument: never } = JSON.parse(String(text));
    Promise.resolve()
      .then(() => byName.get(name)?.(argument))
      .then(
        (value) => process.send?.(JSON.stringify({ number, value })),
        (error: unknown) => process.send?.(JSON.stringify({ number, problem: error instanceof Error ? error.stack : String(error) })),
      );
  });
  process.on('disconnect', () => process.exit(0));
}

/** CPU time (user and system, µs since the start) and resident memory (bytes) of this process. */
export function usage(): { cpu: number; rss: number } {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, rss: process.memoryUsage.rss() };
}
