import { atMost, type Benchmark, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { desk as driverDesk } from './driver/driver.ts';
import { profileOptions } from './flows.ts';
import { type Driver, lossRows, type MeasuredPrograms, type Measurement, measuredPrograms, measureLoad } from './measure-load.ts';
import type { handlers as nodeDesk } from './node/cpo-program.ts';
import type { handlers as emspDesk } from './node/emsp-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

const RATE = 200;
const ROUNDS = 3;

/** Nodes with a driver that asks them. */
interface Route extends AsyncDisposable {
  driver: Driver;
  nodes: MeasuredPrograms;
}
interface Round {
  direct: Measurement;
  relayed: Measurement;
}

/** What it costs that an SCSP's flows go through an eMSP: beside flows of the eMSP itself, turn by turn, 200 a second of each. */
export const relay: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores.filter((it) => it === 'sqlite' || workspace.hasPostgres)) {
    await using direct = await openDirect(workspace, options, store);
    await using relayed = await openRelayed(workspace, options, store);
    const rounds: Round[] = [];
    for (let n = 1; n <= ROUNDS; n++) {
      progress(`${store}: round ${n} of ${ROUNDS}`);
      rounds.push({ direct: await run(direct, options), relayed: await run(relayed, options) });
    }
    rows.push(...rowsOf(store, rounds));
  }
  return rows;
};

const run = ({ driver, nodes }: Route, { span }: Options) => measureLoad(driver, nodes, { pace: { is: 'open', perSecond: RATE }, span });

async function openDirect(laboratory: Workspace, options: Options, store: StoreKind): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const driver = stack.use(startProgram<typeof driverDesk>('driver/driver.ts'));
  const cpo = stack.use(startProgram<typeof nodeDesk>('node/node-program.ts', profileOptions(options, `direct-cpo-${store}`)));
  const { stations } = options;
  const { ocppPort, ...at } = await cpo.call('open', { database: await laboratory.newDatabase(store), folder: laboratory.newFolder(), stations });
  await driver.call('open', { subject: { is: 'node', as: 'EMSP', ...at }, ocppPort, stations });
  return routeOf(driver, measuredPrograms(cpo), stack.move());
}

async function openRelayed(laboratory: Workspace, options: Options, store: StoreKind): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const driver = stack.use(startProgram<typeof driverDesk>('driver/driver.ts'));
  const emsp = stack.use(startProgram<typeof emspDesk>('node/emsp-program.ts', profileOptions(options, `relay-emsp-${store}`)));
  const cpo = stack.use(startProgram<typeof nodeDesk>('node/node-program.ts', profileOptions(options, `relay-cpo-${store}`)));
  const { stations } = options;
  const { ocppPort, ...at } = await cpo.call('open', { database: await laboratory.newDatabase(store), folder: laboratory.newFolder(), stations });
  await emsp.call('open', { database: await laboratory.newDatabase(store), folder: laboratory.newFolder() });
  await emsp.call('register', at);
  await driver.call('open', { subject: { is: 'node', as: 'SCSP', ...(await emsp.call('invite', undefined)) }, ocppPort, stations });
  return routeOf(driver, measuredPrograms(emsp, cpo), stack.move());
}

const routeOf = (driver: Driver, nodes: MeasuredPrograms, all: AsyncDisposableStack): Route => ({
  driver,
  nodes,
  [Symbol.asyncDispose]: () => all.disposeAsync(),
});

/** Each round is compared with itself; what is told is the median of the rounds. */
function rowsOf(store: StoreKind, rounds: readonly Round[]): readonly Row[] {
  const value = (of: (round: Round) => number) => median(rounds.map(of));
  const row = (name: string, unit: string, of: (round: Round) => number): Row => ({ name: `${store}: ${name}`, value: value(of), unit });
  const added = value(({ direct, relayed }) => (relayed.cpu - direct.cpu) / direct.cpu);
  const later = value(({ direct, relayed }) => relayed.endToEnd.p99 - direct.endToEnd.p99);
  return [
    row('direct flows', '/s', ({ direct }) => direct.rate),
    row('relayed flows', '/s', ({ relayed }) => relayed.rate),
    row('CPU a direct flow', 'ms', ({ direct }) => direct.cpu),
    row('CPU a relayed flow, both nodes', 'ms', ({ relayed }) => relayed.cpu),
    atMost(`${store}: CPU that the relay adds / CPU a direct flow`, added, { unit: '', aim: 1.5 }),
    row('direct end to end p50', 'ms', ({ direct }) => direct.endToEnd.p50),
    row('relayed end to end p50', 'ms', ({ relayed }) => relayed.endToEnd.p50),
    row('direct end to end p99', 'ms', ({ direct }) => direct.endToEnd.p99),
    row('relayed end to end p99', 'ms', ({ relayed }) => relayed.endToEnd.p99),
    atMost(`${store}: end to end p99 that the relay adds`, later, { unit: 'ms', aim: 50 }),
    ...lossRows(
      store,
      rounds.flatMap(({ direct, relayed }) => [direct, relayed]),
    ),
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
