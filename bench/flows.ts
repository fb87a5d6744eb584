import { join } from 'node:path';
import type { handlers as bareDesk } from './bare/bare-program.ts';
import { atLeast, atMost, type Benchmark, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { desk as driverDesk, Target } from './driver/driver.ts';
import { type Driver, lossRows, type MeasuredPrograms, type Measurement, measuredPrograms, measureLoad } from './measure-load.ts';
import type { handlers as nodeDesk } from './node/cpo-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

interface Trial {
  closed: Measurement;
  /** At half of the rate that it held. */
  half: Measurement;
}

/** Full flows held per second by a node and, in the same run, by the bare program. */
export const flows: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores.filter((it) => it === 'sqlite' || workspace.hasPostgres)) {
    progress(`${store}: the bare flow`);
    const bare = await tryBare(workspace, options, store);
    progress(`${store}: the node`);
    const node = await tryNode(workspace, options, store);
    rows.push(...rowsOf(store, { node, bare }));
  }
  return rows;
};

/** What makes a program under load write a CPU profile. */
export const profileOptions = ({ profile }: Options, name: string) => (profile ? ['--cpu-prof', '--cpu-prof-dir', join(profile, name)] : []);

async function tryNode(laboratory: Workspace, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverDesk>('driver/driver.ts');
  await using node = startProgram<typeof nodeDesk>('node/node-program.ts', profileOptions(options, `node-${store}`));
  const { stations } = options;
  const { ocppPort, ...at } = await node.call('open', { database: await laboratory.newDatabase(store), folder: laboratory.newFolder(), stations });
  return await put(driver, measuredPrograms(node), { options, subject: { is: 'node', as: 'EMSP', ...at }, ocppPort });
}

async function tryBare(laboratory: Workspace, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverDesk>('driver/driver.ts');
  await using bare = startProgram<typeof bareDesk>('bare/bare-program.ts', profileOptions(options, `bare-${store}`));
  const { ocppPort, chargingProfiles } = await bare.call('open', await laboratory.newDatabase(store));
  return await put(driver, measuredPrograms(bare), { options, subject: { is: 'bare', chargingProfiles }, ocppPort });
}

/** Puts a program under both loads. */
async function put(driver: Driver, program: MeasuredPrograms, by: { options: Options; subject: Target; ocppPort: number }): Promise<Trial> {
  const { stations, span, inFlight } = by.options;
  await driver.call('open', { subject: by.subject, ocppPort: by.ocppPort, stations });
  const closed = await measureLoad(driver, program, { pace: { is: 'closed', inFlight }, span });
  const half = await measureLoad(driver, program, { pace: { is: 'open', perSecond: closed.rate / 2 }, span });
  return { closed, half };
}

const AIMS: Readonly<Record<StoreKind, number>> = { sqlite: 1_200, postgres: 600 };

function rowsOf(store: StoreKind, { node, bare }: { node: Trial; bare: Trial }): readonly Row[] {
  const row = (name: string, value: number, unit: string): Row => ({ name: `${store}: ${name}`, value, unit });
  return [
    atLeast(`${store}: flows held`, node.closed.rate, { unit: '/s', aim: AIMS[store] }),
    row('bare flows held', bare.closed.rate, '/s'),
    atLeast(`${store}: node / bare, flows`, node.closed.rate / bare.closed.rate, { unit: '', aim: 0.5 }),
    row('CPU a flow', node.closed.cpu, 'ms'),
    row('CPU a bare flow', bare.closed.cpu, 'ms'),
    atMost(`${store}: node / bare, CPU a flow`, node.closed.cpu / bare.closed.cpu, { unit: '', aim: 2 }),
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
