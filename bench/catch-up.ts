import { atMost, type Benchmark, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as cpoDesk } from './driver/cpo.ts';
import { profileOptions } from './flows.ts';
import type { handlers as emspDesk } from './node/emsp-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

const SESSIONS = 10_000;
const TIMES = 3;

/** How long an eMSP needs from its start until it knows again what changed at a CPO while it was down. */
export const catchUp: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores.filter((it) => it === 'sqlite' || workspace.hasPostgres))
    rows.push(...(await onStore(store, workspace, { options, say })));
  return rows;
};

async function onStore(store: StoreKind, laboratory: Workspace, by: { options: Options; say: (line: string) => void }): Promise<readonly Row[]> {
  await using cpo = startProgram<typeof cpoDesk>('driver/cpo.ts');
  const at = await cpo.call('open', undefined);
  const house = { database: await laboratory.newDatabase(store), folder: laboratory.newFolder() };
  const runs: { seconds: number; cpu: number }[] = [];
  let port = 0;
  for (let n = 0; n <= TIMES; n++) {
    by.say(`${store}: ${n === 0 ? 'the first pull' : `changed while it was down, ${n} of ${TIMES}`}`);
    await cpo.call('hold', { count: SESSIONS, changes: n + 1 });
    await using emsp = startProgram<typeof emspDesk>('node/emsp-program.ts', profileOptions(by.options, `catch-up-${store}-${n}`));
    port = (await emsp.call('open', { ...house, port })).port;
    if (n === 0) await emsp.call('register', at);
    const { seconds } = await emsp.call('caughtUp', SESSIONS);
    runs.push({ seconds, cpu: (await emsp.call('usage', undefined)).cpu / 1e6 });
    const known = await emsp.call('newest', undefined);
    if (known !== n + 1) throw new Error(`the eMSP knows of ${known} kWh, told were ${n + 1}`);
    await emsp.call('close', undefined);
  }
  const [first, ...later] = runs;
  const middle = later.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(TIMES / 2)];
  return [
    { name: `${store}: first pull of ${SESSIONS} sessions`, value: first?.seconds ?? Number.NaN, unit: 's' },
    atMost(`${store}: ${SESSIONS} changed sessions pulled and kept, median of ${TIMES}`, middle?.seconds ?? Number.NaN, { unit: 's', aim: 60 }),
    { name: `${store}: CPU of the eMSP, its start included`, value: middle?.cpu ?? Number.NaN, unit: 's' },
  ];
}
