import { atMost, type Benchmark, type Options, type Row } from '../benchmark.ts';
import { startProgram } from '../child-program.ts';
import type { handlers as driverHandlers } from '../driver/driver.ts';
import { profileOptions } from '../flows.ts';
import { lossRows, type Measurement, measuredPrograms, measureLoad } from '../measure-load.ts';
import type { handlers as cpoHandlers } from '../node/cpo-program.ts';
import type { handlers as jobsHandlers } from '../node/jobs-program.ts';
import type { NodeSetup } from '../node/settings.ts';
import type { StoreKind, Workspace } from '../workspace.ts';
import { fillStore, type Grown } from './fill-store.ts';

/** What a grown store may cost, compared with an empty one. */
const MOST = 1.2;
/** Times below this many ms are compared with it: they vary more from run to run than the aim allows. */
const LEAST_MS = 1;

interface Trial {
  load: Measurement;
  /** Time of each job, in ms. */
  jobs: Readonly<Record<string, number>>;
}

/** Flows and jobs of a node on an empty store, and on one with many ended sessions and exchanges. Both have the same running sessions. */
export const grown: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores) {
    progress(`${store}: an empty store`);
    const empty = await measure(store, workspace, { options, rows: { sessions: 0, exchanges: 0 } });
    progress(`${store}: ${options.sessions} ended sessions and ${options.exchanges} exchanges`);
    const full = await measure(store, workspace, { options, rows: options });
    rows.push(...rowsOf(store, empty, full));
  }
  return rows;
};

async function measure(store: StoreKind, workspace: Workspace, { options, rows }: { options: Options; rows: Grown }): Promise<Trial> {
  const { stations, span, inFlight } = options;
  const setup = { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations };
  await fillStore(setup.database, rows);
  const load = await measureFlows(setup, { options, name: `grown-${store}-${rows.sessions}`, pace: { inFlight, span } });
  await using jobs = startProgram<typeof jobsHandlers>('node/jobs-program.ts');
  return { load, jobs: await jobs.call('timeJobs', setup) };
}

async function measureFlows(setup: NodeSetup, by: { options: Options; name: string; pace: { inFlight: number; span: number } }): Promise<Measurement> {
  const { inFlight, span } = by.pace;
  await using driver = startProgram<typeof driverHandlers>('driver/driver.ts');
  await using node = startProgram<typeof cpoHandlers>('node/cpo-program.ts', profileOptions(by.options, by.name));
  const { ocppPort, ...address } = await node.call('open', setup);
  await driver.call('open', { target: { is: 'node', as: 'EMSP', ...address }, ocppPort, stations: setup.stations });
  const load = await measureLoad(driver, measuredPrograms(node), { pace: { is: 'closed', inFlight }, span });
  await node.call('close', undefined);
  return load;
}

function rowsOf(store: StoreKind, empty: Trial, full: Trial): readonly Row[] {
  const pair = (name: string, unit: string, [before, after, ratio]: readonly [number, number, number]): readonly Row[] => [
    { name: `${store}: ${name}, empty`, value: before, unit },
    { name: `${store}: ${name}, grown`, value: after, unit },
    atMost(`${store}: ${name}, times the cost`, ratio, { unit: '×', aim: MOST }),
  ];
  const time = (name: string, before: number, after: number) => pair(name, 'ms', [before, after, Math.max(after, LEAST_MS) / Math.max(before, LEAST_MS)]);
  return [
    ...pair('flows', '/s', [empty.load.rate, full.load.rate, empty.load.rate / full.load.rate]),
    ...pair('CPU a flow', 'ms', [empty.load.cpu, full.load.cpu, full.load.cpu / empty.load.cpu]),
    ...time('sync p99', empty.load.sync.p99, full.load.sync.p99),
    ...time('end to end p99', empty.load.endToEnd.p99, full.load.endToEnd.p99),
    ...Object.entries(full.jobs).flatMap(([name, after]) => time(`job ${name}`, empty.jobs[name] ?? Number.NaN, after)),
    ...lossRows(store, [empty.load, full.load]),
  ];
}
