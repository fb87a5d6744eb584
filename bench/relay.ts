import { atMost, type Figure, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { desk as driverDesk } from './driver/driver.ts';
import { profiling } from './flows.ts';
import { type Driver, type Held, hold, losses, type UnderLoad, underLoad } from './measure-load.ts';
import type { desk as nodeDesk } from './node/cpo-program.ts';
import type { desk as emspDesk } from './node/emsp-program.ts';
import type { Laboratory, StoreKind } from './workspace.ts';

const RATE = 200;
const ROUNDS = 3;

/** Nodes with a driver that asks them. */
interface Route extends AsyncDisposable {
  driver: Driver;
  nodes: UnderLoad;
}
interface Round {
  direct: Held;
  relayed: Held;
}

/** What it costs that an SCSP's flows go through an eMSP: beside flows of the eMSP itself, turn by turn, 200 a second of each. */
export const relay: Figure = async ({ laboratory, options, say }) => {
  const rows: Row[] = [];
  for (const store of options.stores.filter((it) => it === 'sqlite' || laboratory.hasPostgres)) {
    await using direct = await openDirect(laboratory, options, store);
    await using relayed = await openRelayed(laboratory, options, store);
    const rounds: Round[] = [];
    for (let n = 1; n <= ROUNDS; n++) {
      say(`${store}: round ${n} of ${ROUNDS}`);
      rounds.push({ direct: await run(direct, options), relayed: await run(relayed, options) });
    }
    rows.push(...rowsOf(store, rounds));
  }
  return rows;
};

const run = ({ driver, nodes }: Route, { span }: Options) => hold(driver, nodes, { pace: { is: 'open', perSecond: RATE }, span });

async function openDirect(laboratory: Laboratory, options: Options, store: StoreKind): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const driver = stack.use(startProgram<typeof driverDesk>('driver/driver.ts'));
  const cpo = stack.use(startProgram<typeof nodeDesk>('node/cpo-program.ts', profiling(options, `direct-cpo-${store}`)));
  const { stations } = options;
  const { ocppPort, ...at } = await cpo.ask('open', { database: await laboratory.database(store), folder: laboratory.folder(), stations });
  await driver.ask('open', { subject: { is: 'node', as: 'EMSP', ...at }, ocppPort, stations });
  return routeOf(driver, underLoad(cpo), stack.move());
}

async function openRelayed(laboratory: Laboratory, options: Options, store: StoreKind): Promise<Route> {
  await using stack = new AsyncDisposableStack();
  const driver = stack.use(startProgram<typeof driverDesk>('driver/driver.ts'));
  const emsp = stack.use(startProgram<typeof emspDesk>('node/emsp-program.ts', profiling(options, `relay-emsp-${store}`)));
  const cpo = stack.use(startProgram<typeof nodeDesk>('node/cpo-program.ts', profiling(options, `relay-cpo-${store}`)));
  const { stations } = options;
  const { ocppPort, ...at } = await cpo.ask('open', { database: await laboratory.database(store), folder: laboratory.folder(), stations });
  await emsp.ask('open', { database: await laboratory.database(store), folder: laboratory.folder() });
  await emsp.ask('register', at);
  await driver.ask('open', { subject: { is: 'node', as: 'SCSP', ...(await emsp.ask('invite', undefined)) }, ocppPort, stations });
  return routeOf(driver, underLoad(emsp, cpo), stack.move());
}

const routeOf = (driver: Driver, nodes: UnderLoad, all: AsyncDisposableStack): Route => ({
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
    ...losses(
      store,
      rounds.flatMap(({ direct, relayed }) => [direct, relayed]),
    ),
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
