import { type VirtualClock, virtualClock } from '../../sim/clock.ts';
import type { ChargePoint, Traits } from '../../sim/index.ts';
import type { Emsp } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import type { Step } from '../../src/node/core/journal.ts';
import { letTimePass } from '../let-time-pass.ts';
import { openWorld, type StationName, type StoreKind, type World } from '../world.ts';

type Outcome = Extract<Step, { step: 'outcome' }>;

/** A CPO node with a charging car, its charge point and its eMSP. The virtual clock moves only when the test moves it. */
export interface Steered extends AsyncDisposable {
  world: World;
  clock: VirtualClock;
  emsp: Emsp;
  station: ChargePoint;
  session: string;
  /** Moves the clock until `event` resolves. */
  until<T>(event: Promise<T>): Promise<T>;
  /** Resolves with the first outcome since the start that has these fields. */
  firstOutcome(fields: Partial<Outcome>): Promise<Outcome>;
}

/** Opens a world with a charging car; `at` selects the charge point, all other options but `config` are its traits. */
export async function openSteered(
  store: StoreKind,
  { at = 'CP-201', config, ...traits }: Partial<Traits> & { at?: StationName; config?: Partial<Config> } = {},
): Promise<Steered> {
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ store, clock, ...(config && { config }) }));
  const emsp = await world.emsp();
  const station = await world.station(at, traits);
  const session = await world.charging(emsp, station);
  const kept = stack.move();
  return {
    world,
    clock,
    emsp,
    station,
    session,
    until: (event) => letTimePass(clock, event, `${world.node().publicUrl}/health`),
    firstOutcome: (fields) => world.firstStep('outcome', (it) => Object.entries(fields).every(([name, value]) => Reflect.get(it, name) === value)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
