import { join } from 'node:path';
import type { handlers as bareHandlers } from './bare/bare-program.ts';
import { atLeast, atMost, type Benchmark, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as driverHandlers, Target } from './driver/driver.ts';
import { type Driver, lossRows, type MeasuredPrograms, type Measurement, measuredPrograms, measureLoad } from './measure-load.ts';
import type { handlers as cpoHandlers } from './node/cpo-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

/** One program under both loads. */
interface Trial {
  /** Full load: the next flow starts when one ends. */
  closed: Measurement;
  /** Half of the rate that full load reached. */
  half: Measurement;
}

/** Flows per second of a node and, in the same run, of the bare program (bare/bare-program.ts). */
export const flows: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores) {
    progress(`${store}: the bare program`);
    const bare = await measureBare(workspace, options, store);
    progress(`${store}: the node`);
    const node = await measureNode(workspace, options, store);
    rows.push(...rowsOf(store, { node, bare }));
  }
  return rows;
};

/** Options of Node that make a program write a CPU profile, when the run asks for profiles. */
export const profileOptions = ({ profile }: Options, name: string) => (profile ? ['--cpu-prof', '--cpu-prof-dir', join(profile, name)] : []);

async function measureNode(workspace: Workspace, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverHandlers>('driver/driver.ts');
  await using node = startProgram<typeof cpoHandlers>('node/cpo-program.ts', profileOptions(options, `node-${store}`));
  const { stations } = options;
  const { ocppPort, ...address } = await node.call('open', { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations });
  return await measureBoth(driver, measuredPrograms(node), { options, target: { is: 'node', as: 'EMSP', ...address }, ocppPort });
}

async function measureBare(workspace: Workspace, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverHandlers>('driver/driver.ts');
  await using bare = startProgram<typeof bareHandlers>('bare/bare-program.ts', profileOptions(options, `bare-${store}`));
  const { ocppPort, chargingProfiles } = await bare.call('open', await workspace.newDatabase(store));
  return await measureBoth(driver, measuredPrograms(bare), { options, target: { is: 'bare', chargingProfiles }, ocppPort });
}

/** Measures a program under full load, then under half of the rate that it reached. */
async function measureBoth(driver: Driver, program: MeasuredPrograms, by: { options: Options; target: Target; ocppPort: number }): Promise<Trial> {
  const { stations, span, inFlight } = by.options;
  await driver.call('open', { target: by.target, ocppPort: by.ocppPort, stations });
  const closed = await measureLoad(driver, program, { pace: { is: 'closed', inFlight }, span });
  const half = await measureLoad(driver, program, { pace: { is: 'open', perSecond: closed.rate / 2 }, span });
  return { closed, half };
}

/** Flows per second, and the least and the most of the bare program's flows and CPU. */
const AIMS: Readonly<Record<StoreKind, { flows: number; ofBareFlows: number; ofBareCpu: number }>> = {
  sqlite: { flows: 1_200, ofBareFlows: 0.5, ofBareCpu: 2 },
  postgres: { flows: 600, ofBareFlows: 0.7, ofBareCpu: 1.5 },
};

function rowsOf(store: StoreKind, { node, bare }: { node: Trial; bare: Trial }): readonly Row[] {
  const row = (name: string, value: number, unit: string): Row => ({ name: `${store}: ${name}`, value, unit });
  const aims = AIMS[store];
  return [
    atLeast(`${store}: flows held`, node.closed.rate, { unit: '/s', aim: aims.flows }),
    row('bare flows held', bare.closed.rate, '/s'),
    atLeast(`${store}: node / bare, flows`, node.closed.rate / bare.closed.rate, { unit: '', aim: aims.ofBareFlows }),
    row('CPU a flow', node.closed.cpu, 'ms'),
    row('CPU a bare flow', bare.closed.cpu, 'ms'),
    atMost(`${store}: node / bare, CPU a flow`, node.closed.cpu / bare.closed.cpu, { unit: '', aim: aims.ofBareCpu }),
    ...times(store, 'under full load', node.closed),
    row('bare end to end p50, under full load', bare.closed.endToEnd.p50, 'ms'),
    row('bare end to end p99, under full load', bare.closed.endToEnd.p99, 'ms'),
    row('flows at half load', node.half.rate, '/s'),
    row('sync p99, at half load', node.half.sync.p99, 'ms'),
    row('end to end p50, at half load', node.half.endToEnd.p50, 'ms'),
    atMost(`${store}: end to end p99, at half load`, node.half.endToEnd.p99, { unit: 'ms', aim: 150 }),
    row('bare end to end p99, at half its load', bare.half.endToEnd.p99, 'ms'),
    row('memory of the node', node.half.rss, 'MB'),
    row('active profiles pushed beside', node.closed.pushes / node.closed.seconds, '/s'),
    ...lossRows(store, [node.closed, node.half, bare.closed, bare.half]),
  ];
}

const times = (store: StoreKind, when: string, { sync, endToEnd }: Measurement): readonly Row[] => [
  { name: `${store}: sync p50, ${when}`, value: sync.p50, unit: 'ms' },
  { name: `${store}: sync p99, ${when}`, value: sync.p99, unit: 'ms' },
  { name: `${store}: end to end p50, ${when}`, value: endToEnd.p50, unit: 'ms' },
  { name: `${store}: end to end p99, ${when}`, value: endToEnd.p99, unit: 'ms' },
];
