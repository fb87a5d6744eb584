import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Benchmark, type Row } from './benchmark.ts';
import { type Program, startProgram } from './child-program.ts';
import type { handlers as stationsHandlers } from './driver/idle-stations.ts';
import type { handlers as cpoHandlers } from './node/cpo-program.ts';

const MAX_STATIONS = 10_000;
const STAGES = [1_000, MAX_STATIONS] as const;
/** By then the node has finished its work on new connections. */
const SETTLE_MS = 5_000;

/** Memory of a node per connected charge point that sends nothing. */
export const stations: Benchmark = async ({ workspace, progress }) => {
  await using node = startProgram<typeof cpoHandlers>('node/cpo-program.ts', ['--expose-gc']);
  await using first = startProgram<typeof stationsHandlers>('driver/idle-stations.ts');
  await using second = startProgram<typeof stationsHandlers>('driver/idle-stations.ts');
  const { ocppPort } = await node.call('open', { database: await workspace.newDatabase('sqlite'), folder: workspace.newFolder(), stations: MAX_STATIONS });
  const usedBefore = await node.call('usedMemory', undefined);
  const rows: Row[] = [{ name: 'memory without a charge point', value: await residentMemory(node), unit: 'MB' }];
  let connected = 0;
  for (const stage of STAGES) {
    progress(`${stage} charge points connect`);
    const half = (stage - connected) / 2;
    const began = performance.now();
    await Promise.all([first, second].map((program, n) => program.call('connect', { from: connected + n * half, count: half, port: ocppPort })));
    const rate = (stage - connected) / ((performance.now() - began) / 1000);
    connected = stage;
    await sleep(SETTLE_MS);
    const now = await residentMemory(node);
    rows.push({ name: `${stage} charge points: connected and booted`, value: rate, unit: '/s' });
    rows.push(
      stage === MAX_STATIONS
        ? atMost(`${stage} charge points: memory`, now, { unit: 'MB', aim: 300 })
        : { name: `${stage} charge points: memory`, value: now, unit: 'MB' },
    );
    const used = await node.call('usedMemory', undefined);
    rows.push({ name: `${stage} charge points: objects and buffers for each`, value: (used - usedBefore) / stage / 1000, unit: 'kB' });
  }
  return rows;
};

const residentMemory = async (node: Program<typeof cpoHandlers>) => (await node.call('usage', undefined)).rss / 1e6;
