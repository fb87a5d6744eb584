import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Benchmark } from './benchmark.ts';
import { cpoSettings } from './node/settings.ts';

const TIMES = 7;
const main = join(import.meta.dirname, '../src/cli/main.ts');

/** From the start of the process to the first 200 of /health: the first time, and once the libraries are cached in compiled form. */
export const start: Benchmark = async ({ workspace, progress }) => {
  const folder = workspace.newFolder();
  const port = await freePort();
  const file = join(folder, 'evenkeel.yaml');
  writeFileSync(file, cpoSettings({ database: join(folder, 'evenkeel.db'), folder, stations: 10, port }));
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const times: number[] = [];
  for (let n = 0; n <= TIMES; n++) {
    progress(`start ${n + 1} of ${TIMES + 1}`);
    times.push(
      await timeOf(
        () => spawn(process.execPath, [main, 'serve', '--config', file, '--log-level', 'warn'], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
        port,
      ),
    );
  }
  const [first = Number.NaN, ...later] = times;
  const median = later.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Number.NaN;
  return [{ name: 'first start to ready', value: first, unit: 's' }, atMost('start to ready, median of 7', median, { unit: 's', aim: 1 })];
};

async function timeOf(begin: () => ReturnType<typeof spawn>, port: number): Promise<number> {
  const began = performance.now();
  const child = begin();
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}`);
    await sleep(5);
  }
  const seconds = (performance.now() - began) / 1000;
  child.kill('SIGTERM');
  await ended;
  return seconds;
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status === 200;
    },
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
