import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Benchmark, type Row } from './benchmark.ts';
import { type Program, startProgram } from './child-program.ts';
import type { handlers as crowdDesk } from './driver/idle-stations.ts';
import type { handlers as nodeDesk } from './node/cpo-program.ts';

const MOST = 10_000;
const STAGES = [1_000, MOST] as const;
/** What the node does about new connections is over by then. */
const SETTLE_MS = 5_000;

/** What a charge point costs in memory that is connected and says nothing. */
export const stations: Benchmark = async ({ workspace, progress }) => {
  await using node = startProgram<typeof nodeDesk>('node/node-program.ts', ['--expose-gc']);
  await using first = startProgram<typeof crowdDesk>('driver/idle.ts');
  await using second = startProgram<typeof crowdDesk>('driver/idle.ts');
  const { ocppPort } = await node.call('open', { database: await workspace.newDatabase('sqlite'), folder: workspace.newFolder(), stations: MOST });
  const empty = await node.call('held', undefined);
  const rows: Row[] = [{ name: 'memory without a charge point', value: await memory(node), unit: 'MB' }];
  let connected = 0;
  for (const stage of STAGES) {
    progress(`${stage} charge points connect`);
    const half = (stage - connected) / 2;
    const began = performance.now();
    await Promise.all([first, second].map((crowd, n) => crowd.call('connect', { from: connected + n * half, count: half, port: ocppPort })));
    const rate = (stage - connected) / ((performance.now() - began) / 1000);
    connected = stage;
    await sleep(SETTLE_MS);
    const now = await memory(node);
    rows.push({ name: `${stage} charge points: connected and booted`, value: rate, unit: '/s' });
    rows.push(
      stage === MOST
        ? atMost(`${stage} charge points: memory`, now, { unit: 'MB', aim: 600 })
        : { name: `${stage} charge points: memory`, value: now, unit: 'MB' },
    );
    const held = await node.call('held', undefined);
    rows.push({ name: `${stage} charge points: objects and buffers for each`, value: (held - empty) / stage / 1000, unit: 'kB' });
  }
  return rows;
};

const memory = async (node: Program<typeof nodeDesk>) => (await node.call('usage', undefined)).rss / 1e6;
