import { type VirtualClock, virtualClock } from '../../sim/clock.ts';
import { fieldsOf, listOf } from '../../sim/partner/wire.ts';
import type { Cpo, ProfileAnswers } from '../../sim/partner.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { Config } from '../../src/node/config/config.ts';
import { type EmspWorld, openEmspWorld } from '../emsp-world.ts';
import { letNodesWork } from '../let-time-pass.ts';
import type { StoreKind } from '../world.ts';

/** An SCSP node with one site, and a remote CPO whose sessions it steers. The clock is virtual and moves only when the test says so. */
export interface Planned extends AsyncDisposable {
  world: EmspWorld;
  cpo: Cpo;
  clock: VirtualClock;
  /** Advances the clock until that many sets have reached the CPO. */
  sets(count: number): Promise<readonly SentSet[]>;
  /** Advances the clock second by second, and lets the node work after each. */
  pass(seconds: number): Promise<void>;
}

/** One set as the CPO received it. */
export interface SentSet {
  session: string;
  /** Seconds since the test began. */
  at: number;
  unit: unknown;
  /** Pairs of a start in seconds and a limit. */
  limits: readonly (readonly [number, number])[];
}

const start = Date.UTC(2026, 0, 31, 9);

export async function openPlanned(
  store: StoreKind,
  { profileAnswers, ...planner }: Partial<NonNullable<Config['planner']>> & { profileAnswers?: ProfileAnswers } = {},
): Promise<Planned> {
  const clock = virtualClock(epochMillis(start));
  await using stack = new AsyncDisposableStack();
  const config: Partial<Config> = {
    parties: [{ role: 'SCSP', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel SCSP' }],
    planner: { sites: [{ location_id: 'LOC1', limit: 32, unit: 'A' }], every: 300, ...planner },
  };
  const world = stack.use(await openEmspWorld({ store, clock, config }));
  const cpo = await world.cpo(profileAnswers && { profileAnswers });
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n += 1) {
      await clock.advance(1_000);
      await letNodesWork(world.node().publicUrl);
    }
  };
  const resources = stack.move();
  return {
    world,
    cpo,
    clock,
    pass,
    sets: async (count) => {
      while (setsAt(cpo).length < count) await pass(1);
      return setsAt(cpo);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const setsAt = (cpo: Cpo): readonly SentSet[] =>
  cpo.requests
    .filter(({ module, method }) => module === 'chargingprofiles' && method === 'PUT')
    .map(({ url, at, body }) => {
      const profile = fieldsOf(fieldsOf(JSON.parse(body)).charging_profile);
      return {
        session: decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''),
        at: Math.round((at - start) / 1000),
        unit: profile.charging_rate_unit,
        limits: listOf(profile.charging_profile_period).map((it) => [Number(it.start_period), Number(it.limit)] as const),
      };
    });
