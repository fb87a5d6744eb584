import { join } from 'node:path';
import type { desk as bareDesk } from './bare/bare-program.ts';
import { atLeast, atMost, type Figure, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { desk as driverDesk, Subject } from './driver/driver.ts';
import { type Driver, type Held, hold, losses, type UnderLoad, underLoad } from './measure-load.ts';
import type { desk as nodeDesk } from './node/cpo-program.ts';
import type { Laboratory, StoreKind } from './workspace.ts';

interface Trial {
  closed: Held;
  /** At half of the rate that it held. */
  half: Held;
}

/** Full flows held per second by a node and, in the same run, by the bare program. */
export const flows: Figure = async ({ laboratory, options, say }) => {
  const rows: Row[] = [];
  for (const store of options.stores.filter((it) => it === 'sqlite' || laboratory.hasPostgres)) {
    say(`${store}: the bare flow`);
    const bare = await tryBare(laboratory, options, store);
    say(`${store}: the node`);
    const node = await tryNode(laboratory, options, store);
    rows.push(...rowsOf(store, { node, bare }));
  }
  return rows;
};

/** What makes a program under load write a CPU profile. */
export const profiling = ({ profile }: Options, name: string) => (profile ? ['--cpu-prof', '--cpu-prof-dir', join(profile, name)] : []);

async function tryNode(laboratory: Laboratory, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverDesk>('driver/driver.ts');
  await using node = startProgram<typeof nodeDesk>('node/cpo-program.ts', profiling(options, `node-${store}`));
  const { stations } = options;
  const { ocppPort, ...at } = await node.ask('open', { database: await laboratory.database(store), folder: laboratory.folder(), stations });
  return await put(driver, underLoad(node), { options, subject: { is: 'node', as: 'EMSP', ...at }, ocppPort });
}

async function tryBare(laboratory: Laboratory, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverDesk>('driver/driver.ts');
  await using bare = startProgram<typeof bareDesk>('bare/bare-program.ts', profiling(options, `bare-${store}`));
  const { ocppPort, chargingProfiles } = await bare.ask('open', await laboratory.database(store));
  return await put(driver, underLoad(bare), { options, subject: { is: 'bare', chargingProfiles }, ocppPort });
}

/** Puts a program under both loads. */
async function put(driver: Driver, program: UnderLoad, by: { options: Options; subject: Subject; ocppPort: number }): Promise<Trial> {
  const { stations, span, inFlight } = by.options;
  await driver.ask('open', { subject: by.subject, ocppPort: by.ocppPort, stations });
  const closed = await hold(driver, program, { pace: { is: 'closed', inFlight }, span });
  const half = await hold(driver, program, { pace: { is: 'open', perSecond: closed.rate / 2 }, span });
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
    ...losses(store, [node.closed, node.half, bare.closed, bare.half]),
  ];
}

const times = (store: StoreKind, when: string, { sync, endToEnd }: Held): readonly Row[] => [
  { name: `${store}: sync p50, ${when}`, value: sync.p50, unit: 'ms' },
  { name: `${store}: sync p99, ${when}`, value: sync.p99, unit: 'ms' },
  { name: `${store}: end to end p50, ${when}`, value: endToEnd.p50, unit: 'ms' },
  { name: `${store}: end to end p99, ${when}`, value: endToEnd.p99, unit: 'ms' },
];
