import { fork } from 'node:child_process';
import { join } from 'node:path';

/** What a program of the bench can be asked, by name; questions and answers travel as JSON. */
type Handlers = Readonly<Record<string, (question: never) => unknown>>;
type Question<F> = F extends (question: infer Q) => unknown ? Q : never;

/** A program in a process of its own, which answers what its file exports as `desk`. */
export interface Program<D extends Handlers> extends AsyncDisposable {
  pid: number;
  call<N extends keyof D & string>(name: N, question: Question<D[N]>): Promise<Awaited<ReturnType<D[N]>>>;
  /** The last of what it wrote to standard error. */
  errorOutput(): string;
}

interface Waiting {
  settle(value: never): void;
  fail(problem: Error): void;
}

/** Starts `bench/<file>` with options for Node in front of it. */
export function startProgram<D extends Handlers>(file: string, nodeOptions: readonly string[] = []): Program<D> {
  const child = fork(join(import.meta.dirname, file), { execArgv: [...nodeOptions], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const over = new Promise<void>((done) => child.once('exit', () => done()));
  let isWanted = true;
  child.once('exit', (code, signal) => {
    if (!isWanted) return;
    for (const { fail } of waiting.values()) fail(new Error(`${file} ended with ${code ?? signal}: ${said}`));
  });
  child.on('message', (text) => {
    const { number, value, problem }: { number: number; value: never; problem?: string } = JSON.parse(String(text));
    const whose = waiting.get(number);
    waiting.delete(number);
    if (problem === undefined) whose?.settle(value);
    else whose?.fail(new Error(`${file}: ${problem}`));
  });
  return {
    pid: child.pid ?? 0,
    call: (name, question) =>
      new Promise((settle, fail) => {
        asked += 1;
        waiting.set(asked, { settle, fail });
        child.send(JSON.stringify({ number: asked, name, question }));
      }),
    errorOutput: () => said,
    [Symbol.asyncDispose]: async () => {
      isWanted = false;
      if (child.connected) child.disconnect();
      await over;
    },
  };
}

/** The other side: answers until whoever started this process is gone, then ends. */
export function serveCalls(desk: Handlers): void {
  const names = new Map<string, (question: never) => unknown>(Object.entries(desk));
  process.on('message', (text) => {
    const { number, name, question }: { number: number; name: string; question: never } = JSON.parse(String(text));
    Promise.resolve()
      .then(() => names.get(name)?.(question))
      .then(
        (value) => process.send?.(JSON.stringify({ number, value })),
        (error: unknown) => process.send?.(JSON.stringify({ number, problem: error instanceof Error ? error.stack : String(error) })),
      );
  });
  process.on('disconnect', () => process.exit(0));
}

/** CPU time (user and system, µs, since its start) and memory (resident, bytes) of this process. */
export function usage(): { cpu: number; rss: number } {
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, rss: process.memoryUsage.rss() };
}
