import { type ChargePoint, virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import type { Log } from '../../src/node/core/log.ts';
import { letNodesWork } from '../let-time-pass.ts';
import { openWorld, type StoreKind } from '../world.ts';

export type Site = Config['sites'][number];
/** A grid connection with the three charge points of the world. */
export const SITE: Site = {
  name: 'garage',
  rule: 'equal',
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }, { uid: 'CP-21-1' }],
};
/** W of an EVSE for each A per phase. */
export const W_PER_A = 3 * 230;

/** A world at 10:00 UTC whose charge points share one site, on a virtual clock. */
export async function openGarage(store: StoreKind, config: Partial<Config> = {}, log?: Log) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const world = stack.use(await openWorld({ store, clock, config: { sites: [SITE], ...config }, ...(log && { log }) }));
  const stations: ChargePoint[] = [];
  for (const id of ['CP-16', 'CP-201', 'CP-21'] as const) stations.push(await world.station(id));
  /** Moves the clock, and returns the highest current of the site at the end of a second, in A on each phase. */
  const highest = async (seconds: number) => {
    let most = 0;
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      most = Math.max(most, stations.reduce((sum, it) => sum + it.power(1), 0) / W_PER_A);
    }
    return most;
  };
  /** Moves the clock second by second, and lets the node finish its work in each: nothing is late on a busy machine. */
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      await letNodesWork(world.node().publicUrl);
    }
  };
  /** Moves the clock second by second until `event` resolves. */
  const until = async <T>(event: Promise<T>): Promise<T> => {
    let happened = false;
    const watched = event.finally(() => {
      happened = true;
    });
    while (!happened) await clock.advance(1_000);
    return watched;
  };
  /** Moves the clock until the charge point answers a new limit of this EVSE, in A. */
  const limited = (evse: string, current: number) => until(world.nextStep('site-limit-answered', (it) => it.evse === evse && it.current === current));
  await highest(3);
  const [first, second, third] = stations;
  if (!first || !second || !third) throw new Error('needs three stations');
  const kept = stack.move();
  return { world, clock, stations: [first, second, third] as const, highest, pass, until, limited, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
/** The current of an EVSE in A on each phase. */
export const currentOf = (station: ChargePoint, evse = 1) => Math.round((station.power(evse) / W_PER_A) * 10) / 10;
