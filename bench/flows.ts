import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { desk as bareDesk } from './bare/bare-program.ts';
import type { desk as driverDesk, Subject } from './driver/driver.ts';
import type { Lap, Pace } from './driver/load.ts';
import { atLeast, atMost, type Figure, type Options, type Row } from './figure.ts';
import type { Laboratory, StoreKind } from './laboratory.ts';
import type { desk as nodeDesk } from './node/node-program.ts';
import { type Program, startProgram } from './program.ts';

const WARM_UP_MS = 4_000;
/** Longer than a node may take to give an accepted request its last word. */
const PATIENCE_MS = 35_000;

/** A load as it went: times in ms, CPU of the program under load in ms for each flow, its memory in MB. */
interface Held extends Lap {
  rate: number;
  cpu: number;
  rss: number;
  lost: number;
  strays: number;
}
interface Trial {
  closed: Held;
  /** At half of the rate that it held. */
  half: Held;
}
type Driver = Program<typeof driverDesk>;
type UnderLoad = Pick<Program<Pick<typeof nodeDesk, 'usage'>>, 'ask' | 'complaints'>;

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

const profiling = ({ profile }: Options, name: string) => (profile ? ['--cpu-prof', '--cpu-prof-dir', join(profile, name)] : []);

async function tryNode(laboratory: Laboratory, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverDesk>('driver/driver.ts');
  await using node = startProgram<typeof nodeDesk>('node/node-program.ts', profiling(options, `node-${store}`));
  const { stations } = options;
  const { ocppPort, ...at } = await node.ask('open', { database: await laboratory.database(store), folder: laboratory.folder(), stations });
  return await put(driver, node, { options, subject: { is: 'node', ...at }, ocppPort });
}

async function tryBare(laboratory: Laboratory, options: Options, store: StoreKind): Promise<Trial> {
  await using driver = startProgram<typeof driverDesk>('driver/driver.ts');
  await using bare = startProgram<typeof bareDesk>('bare/bare-program.ts', profiling(options, `bare-${store}`));
  const { ocppPort, chargingProfiles } = await bare.ask('open', await laboratory.database(store));
  return await put(driver, bare, { options, subject: { is: 'bare', chargingProfiles }, ocppPort });
}

/** Puts a program under both loads. */

async function put(driver: Driver, program: UnderLoad, by: { options: Options; subject: Subject; ocppPort: number }): Promise<Trial> {
  const { stations, span, inFlight } = by.options;
  await driver.ask('open', { subject: by.subject, ocppPort: by.ocppPort, stations });
  const closed = await hold(driver, program, { pace: { is: 'closed', inFlight }, span });
  const half = await hold(driver, program, { pace: { is: 'open', perSecond: closed.rate / 2 }, span });
  return { closed, half };
}

async function hold(driver: Driver, program: UnderLoad, { pace, span }: { pace: Pace; span: number }): Promise<Held> {
  await driver.ask('start', pace);
  await sleep(WARM_UP_MS);
  const [before] = await Promise.all([program.ask('usage', undefined), driver.ask('mark', undefined)]);
  await sleep(span * 1000);
  const [after, lap] = await Promise.all([program.ask('usage', undefined), driver.ask('mark', undefined)]);
  const end = await driver.ask('stop', PATIENCE_MS);
  if (!lap || !end) throw new Error('the driver was not open');
  const errors = lap.errors + end.unanswered;
  if (errors > 0) process.stderr.write(`first error: ${end.firstError}\n${program.complaints()}\n`);
  const { lost, strays } = end;
  return { ...lap, errors, lost, strays, rate: lap.flows / lap.seconds, cpu: (after.cpu - before.cpu) / 1000 / lap.flows, rss: after.rss / 1e6 };
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
    ...losses(store, node, bare),
  ];
}

const times = (store: StoreKind, when: string, { sync, endToEnd }: Held): readonly Row[] => [
  { name: `${store}: sync p50, ${when}`, value: sync.p50, unit: 'ms' },
  { name: `${store}: sync p99, ${when}`, value: sync.p99, unit: 'ms' },
  { name: `${store}: end to end p50, ${when}`, value: endToEnd.p50, unit: 'ms' },
  { name: `${store}: end to end p99, ${when}`, value: endToEnd.p99, unit: 'ms' },
];

function losses(store: StoreKind, ...trials: readonly Trial[]): readonly Row[] {
  const all = trials.flatMap(({ closed, half }) => [closed, half]);
  const sum = (of: (held: Held) => number) => all.reduce((total, held) => total + of(held), 0);
  return [
    atMost(
      `${store}: errors`,
      sum((it) => it.errors),
      { unit: '', aim: 0 },
    ),
    atMost(
      `${store}: accepted and never answered`,
      sum((it) => it.lost),
      { unit: '', aim: 0 },
    ),
    atMost(
      `${store}: answered twice`,
      sum((it) => it.strays),
      { unit: '', aim: 0 },
    ),
  ];
}
