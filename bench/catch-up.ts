import { atMost, type Figure, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { desk as cpoDesk } from './driver/cpo.ts';
import { profiling } from './flows.ts';
import type { desk as emspDesk } from './node/emsp-program.ts';
import type { Laboratory, StoreKind } from './workspace.ts';

const SESSIONS = 10_000;
const TIMES = 3;

/** How long an eMSP needs from its start until it knows again what changed at a CPO while it was down. */
export const catchUp: Figure = async ({ laboratory, options, say }) => {
  const rows: Row[] = [];
  for (const store of options.stores.filter((it) => it === 'sqlite' || laboratory.hasPostgres))
    rows.push(...(await onStore(store, laboratory, { options, say })));
  return rows;
};

async function onStore(store: StoreKind, laboratory: Laboratory, by: { options: Options; say: (line: string) => void }): Promise<readonly Row[]> {
  await using cpo = startProgram<typeof cpoDesk>('driver/cpo.ts');
  const at = await cpo.ask('open', undefined);
  const house = { database: await laboratory.database(store), folder: laboratory.folder() };
  const runs: { seconds: number; cpu: number }[] = [];
  let port = 0;
  for (let n = 0; n <= TIMES; n++) {
    by.say(`${store}: ${n === 0 ? 'the first pull' : `changed while it was down, ${n} of ${TIMES}`}`);
    await cpo.ask('hold', { count: SESSIONS, changes: n + 1 });
    await using emsp = startProgram<typeof emspDesk>('node/emsp-program.ts', profiling(by.options, `catch-up-${store}-${n}`));
    port = (await emsp.ask('open', { ...house, port })).port;
    if (n === 0) await emsp.ask('register', at);
    const { seconds } = await emsp.ask('caughtUp', SESSIONS);
    runs.push({ seconds, cpu: (await emsp.ask('usage', undefined)).cpu / 1e6 });
    const known = await emsp.ask('newest', undefined);
    if (known !== n + 1) throw new Error(`the eMSP knows of ${known} kWh, told were ${n + 1}`);
    await emsp.ask('close', undefined);
  }
  const [first, ...later] = runs;
  const middle = later.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(TIMES / 2)];
  return [
    { name: `${store}: first pull of ${SESSIONS} sessions`, value: first?.seconds ?? Number.NaN, unit: 's' },
    atMost(`${store}: ${SESSIONS} changed sessions pulled and kept, median of ${TIMES}`, middle?.seconds ?? Number.NaN, { unit: 's', aim: 60 }),
    { name: `${store}: CPU of the eMSP, its start included`, value: middle?.cpu ?? Number.NaN, unit: 's' },
  ];
}
