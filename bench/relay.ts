import { atMost, type Benchmark, median, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as driverHandlers } from './driver/driver.ts';
import { profileOptions } from './flows.ts';
import { type Driver, lossRows, type MeasuredPrograms, type Measurement, measuredPrograms, measureLoad } from './measure-load.ts';
import type { handlers as cpoHandlers } from './node/cpo-program.ts';
import type { handlers as emspHandlers } from './node/emsp-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

/** Flows per second on each route. */
const RATE = 200;
const ROUNDS = 3;

/** The nodes between a driver and the charge points. */
interface Route extends AsyncDisposable {
  driver: Driver;
  nodes: MeasuredPrograms;
}
interface Round {
  direct: Measurement;
  relayed: Measurement;
}

/** The cost of a relay: flows SCSP → eMSP → CPO compared with flows eMSP → CPO, measured in turn at 200 flows per second. */
export const relay: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores) {
    await using direct = await openDirect(workspace, options, store);
    await using relayed = await openRelayed(workspace, options, store);
    const rounds: Round[] = [];
    for (let n = 1; n <= ROUNDS; n++) {
      progress(`${store}: round ${n} of ${ROUNDS}`);
      rounds.push({ direct: await measureRoute(direct, options), relayed: await measureRoute(relayed, options) });
    }
    rows.push(...rowsOf(store, rounds));
  }
  return rows;
};

const measureRoute = ({ driver, nodes }: Route, { span }: Options) => measureLoad(driver, nodes, { pace: { is: 'open', perSecond: RATE }, span });

async function openDirect(workspace: Workspace, options: Options, store: StoreKind): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const driver = stack.use(startProgram<typeof driverHandlers>('driver/driver.ts'));
  const cpo = stack.use(startProgram<typeof cpoHandlers>('node/cpo-program.ts', profileOptions(options, `direct-cpo-${store}`)));
  const { stations } = options;
  const { ocppPort, ...address } = await cpo.call('open', { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations });
  await driver.call('open', { target: { is: 'node', as: 'EMSP', ...address }, ocppPort, stations });
  return routeOf(driver, measuredPrograms(cpo), stack.move());
}

async function openRelayed(workspace: Workspace, options: Options, store: StoreKind): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const driver = stack.use(startProgram<typeof driverHandlers>('driver/driver.ts'));
  const emsp = stack.use(startProgram<typeof emspHandlers>('node/emsp-program.ts', profileOptions(options, `relay-emsp-${store}`)));
  const cpo = stack.use(startProgram<typeof cpoHandlers>('node/cpo-program.ts', profileOptions(options, `relay-cpo-${store}`)));
  const { stations } = options;
  const { ocppPort, ...address } = await cpo.call('open', { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations });
  await emsp.call('open', { database: await workspace.newDatabase(store), folder: workspace.newFolder() });
  await emsp.call('register', address);
  await driver.call('open', { target: { is: 'node', as: 'SCSP', ...(await emsp.call('invite', undefined)) }, ocppPort, stations });
  return routeOf(driver, measuredPrograms(emsp, cpo), stack.move());
}

const routeOf = (driver: Driver, nodes: MeasuredPrograms, all: AsyncDisposableStack): Route => ({
  driver,
  nodes,
  [Symbol.asyncDispose]: () => all.disposeAsync(),
});

/** Every value is the median over the rounds. Differences are taken within a round, so a slow minute of the machine affects both sides. */
function rowsOf(store: StoreKind, rounds: readonly Round[]): readonly Row[] {
  const medianOf = (pick: (round: Round) => number) => median(rounds.map(pick));
  const row = (name: string, unit: string, pick: (round: Round) => number): Row => ({ name: `${store}: ${name}`, value: medianOf(pick), unit });
  const addedCpu = medianOf(({ direct, relayed }) => (relayed.cpu - direct.cpu) / direct.cpu);
  const addedTime = medianOf(({ direct, relayed }) => relayed.endToEnd.p99 - direct.endToEnd.p99);
  return [
    row('direct flows', '/s', ({ direct }) => direct.rate),
    row('relayed flows', '/s', ({ relayed }) => relayed.rate),
    row('CPU a direct flow', 'ms', ({ direct }) => direct.cpu),
    row('CPU a relayed flow, both nodes', 'ms', ({ relayed }) => relayed.cpu),
    atMost(`${store}: CPU that the relay adds / CPU a direct flow`, addedCpu, { unit: '', aim: 1.5 }),
    row('direct end to end p50', 'ms', ({ direct }) => direct.endToEnd.p50),
    row('relayed end to end p50', 'ms', ({ relayed }) => relayed.endToEnd.p50),
    row('direct end to end p99', 'ms', ({ direct }) => direct.endToEnd.p99),
    row('relayed end to end p99', 'ms', ({ relayed }) => relayed.endToEnd.p99),
    atMost(`${store}: end to end p99 that the relay adds`, addedTime, { unit: 'ms', aim: 50 }),
    ...lossRows(
      store,
      rounds.flatMap(({ direct, relayed }) => [direct, relayed]),
    ),
  ];
}
