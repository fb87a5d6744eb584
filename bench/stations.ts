import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Figure, type Row } from './benchmark.ts';
import { type Program, startProgram } from './child-program.ts';
import type { desk as crowdDesk } from './driver/idle-stations.ts';
import type { desk as nodeDesk } from './node/cpo-program.ts';

const MOST = 10_000;
const STAGES = [1_000, MOST] as const;
/** What the node does about new connections is over by then. */
const SETTLE_MS = 5_000;

/** What a charge point costs in memory that is connected and says nothing. */
export const stations: Figure = async ({ laboratory, say }) => {
  await using node = startProgram<typeof nodeDesk>('node/cpo-program.ts', ['--expose-gc']);
  await using first = startProgram<typeof crowdDesk>('driver/idle-stations.ts');
  await using second = startProgram<typeof crowdDesk>('driver/idle-stations.ts');
  const { ocppPort } = await node.ask('open', { database: await laboratory.database('sqlite'), folder: laboratory.folder(), stations: MOST });
  const empty = await node.ask('held', undefined);
  const rows: Row[] = [{ name: 'memory without a charge point', value: await memory(node), unit: 'MB' }];
  let connected = 0;
  for (const stage of STAGES) {
    say(`${stage} charge points connect`);
    const half = (stage - connected) / 2;
    const began = performance.now();
    await Promise.all([first, second].map((crowd, n) => crowd.ask('connect', { from: connected + n * half, count: half, port: ocppPort })));
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
    const held = await node.ask('held', undefined);
    rows.push({ name: `${stage} charge points: objects and buffers for each`, value: (held - empty) / stage / 1000, unit: 'kB' });
  }
  return rows;
};

const memory = async (node: Program<typeof nodeDesk>) => (await node.ask('usage', undefined)).rss / 1e6;
