import { atMost, type Benchmark, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as cpoHandlers } from './driver/cpo.ts';
import { profileOptions } from './flows.ts';
import type { handlers as emspHandlers } from './node/emsp-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

const SESSIONS = 10_000;
const TIMES = 3;

/** Time from the start of an eMSP's node until it has pulled all sessions that changed at a CPO while it was down. */
export const catchUp: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores) rows.push(...(await measureOn(store, workspace, { options, progress })));
  return rows;
};

async function measureOn(store: StoreKind, workspace: Workspace, by: { options: Options; progress: (line: string) => void }): Promise<readonly Row[]> {
  await using cpo = startProgram<typeof cpoHandlers>('driver/cpo.ts');
  const invitation = await cpo.call('open', undefined);
  const setup = { database: await workspace.newDatabase(store), folder: workspace.newFolder() };
  const runs: { seconds: number; cpu: number }[] = [];
  let port = 0;
  for (let n = 0; n <= TIMES; n++) {
    by.progress(`${store}: ${n === 0 ? 'the first pull' : `pull ${n} of ${TIMES} after changes`}`);
    await cpo.call('setSessions', { count: SESSIONS, changes: n + 1 });
    await using emsp = startProgram<typeof emspHandlers>('node/emsp-program.ts', profileOptions(by.options, `catch-up-${store}-${n}`));
    port = (await emsp.call('open', { ...setup, port })).port;
    if (n === 0) await emsp.call('register', invitation);
    const { seconds } = await emsp.call('caughtUp', SESSIONS);
    runs.push({ seconds, cpu: (await emsp.call('usage', undefined)).cpu / 1e6 });
    const newest = await emsp.call('newestEnergy', undefined);
    if (newest !== n + 1) throw new Error(`the eMSP's newest session has ${newest} kWh; the CPO sent ${n + 1}`);
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
