import { expect, test } from 'vitest';
import { buildCar, plugInStation, virtualClock } from '../../sim/index.ts';
import { fold } from '../../src/domain/ids.ts';
import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import type { Step } from '../../src/node/core/journal.ts';
import { openStore } from '../../src/store/open.ts';
import { imposeLimit } from '../../src/store/sql/imposed-limit.ts';
import type { Store } from '../../src/store/store.ts';
import { badge, openWorld, type StationName, type StoreKind, stationVersions, stores } from '../world.ts';

const SITE = {
  name: 'garage',
  rule: 'equal' as const,
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }, { uid: 'CP-21-1' }],
};

type Answered = Extract<Step, { step: 'site-limit-answered' }>;

/** A store whose reading of imposed limits can fail or hang, and that can report the commit of a session's end as failed. */
function faultyStore() {
  let state: 'works' | 'fails' | 'hangs' | 'loses-ends' = 'works';
  let resume = Promise.withResolvers<void>();
  const around = (store: Store): Store => ({
    kind: store.kind,
    first: (query) => store.first(query),
    all: async (query) => {
      if (query.name === 'imposed-limits' && state === 'fails') throw new Error('the table is locked');
      if (query.name === 'imposed-limits' && state === 'hangs') await resume.promise;
      return store.all(query);
    },
    commit: async (writes) => {
      const written = await store.commit(writes);
      if (state === 'loses-ends' && writes.some(({ name }) => name === 'end-unsent')) throw new Error('the connection broke after the commit');
      return written;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  });
  const set = (next: typeof state) => {
    state = next;
    if (next === 'hangs') resume = Promise.withResolvers();
    else resume.resolve();
  };
  return { around, set };
}

async function openGarage(store: StoreKind) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
  const faults = faultyStore();
  const world = stack.use(await openWorld({ store, clock, aroundStore: faults.around, config: { sites: [SITE] } }));
  /** No meter value comes by itself. */
  const plugIn = async (id: StationName) => {
    const station = await plugInStation({
      id,
      password: world.settings().charge_points.find((it) => it.id === id)?.password ?? '',
      version: stationVersions[id],
      evses: [{ evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) }],
      url: `ws://127.0.0.1:${world.node().ocppPort}/ocpp`,
      clock,
      sampleEvery: 1_000_000,
    });
    return stack.use(station);
  };
  const stations = [await plugIn('CP-16'), await plugIn('CP-201'), await plugIn('CP-21')] as const;
  const health = async () => {
    const answer = await fetch(`${world.node().publicUrl}/health`);
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  /** Lets time pass in steps in which the node also reads its store. */
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      await clock.advance(1_000);
      await health();
    }
  };
  const limitOf = (evse: string) => world.steps.findLast((it): it is Answered => it.step === 'site-limit-answered' && it.evse === evse);
  /** Lets up to two minutes pass, until the newest limit of an EVSE is this one. */
  const limited = async (evse: string, current: number) => {
    for (let n = 0; n < 120 && limitOf(evse)?.current !== current; n++) await pass(1);
    expect(limitOf(evse)).toMatchObject({ current, answer: 'ACCEPTED' });
  };
  const kept = stack.move();
  return { world, clock, faults, stations, health, pass, limited, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
type Garage = Awaited<ReturnType<typeof openGarage>>;

/** Imposes a limit as a command in another process does. */
async function imposeElsewhere({ world, clock }: Garage, limit: number): Promise<void> {
  await using store = await openStore(world.database);
  await store.commit([imposeLimit({ node: fold('garage'), limit: { a: amperes(limit) }, at: clock.now() })]);
}

test.each(stores)('R-03: limits are looked at again after a look that failed (%s)', async (store) => {
  await using it = await openGarage(store);
  await it.stations[0].plugIn(1, { car: buildCar(), idToken: badge });
  await it.limited('CP-16-1', 20);
  it.faults.set('fails');
  await it.pass(3);
  it.faults.set('works');
  await imposeElsewhere(it, 9);
  await it.limited('CP-16-1', 9);
});

test.each(['fails', 'hangs'] as const)(
  'R-03: when each look %s for more than 5 s the node raises an alarm, and is not ready until it looks again',
  async (how) => {
    await using it = await openGarage('sqlite');
    await it.pass(3);
    expect(await it.health()).toEqual({ status: 200, body: { status: 'ready' } });
    it.faults.set(how);
    await it.pass(4);
    expect((await it.health()).status).toBe(200);
    await it.pass(4);
    const says = expect.stringMatching(/^the sites were last looked at \d+ s ago$/);
    expect(await it.health()).toEqual({ status: 503, body: { status: 'not ready', problems: [{ check: 'sites', says }] } });
    const metrics = await (await fetch(`${it.world.node().publicUrl}/metrics`)).text();
    expect(Number(/^evenkeel_site_look_age_seconds (.*)$/m.exec(metrics)?.[1])).toBeGreaterThan(5);
    it.faults.set('works');
    await it.pass(3);
    expect((await it.health()).status).toBe(200);
  },
);

test.each(stores)('R-03: a transaction whose end the balance missed gives its share back without a restart (%s)', async (store) => {
  await using it = await openGarage(store);
  const emsp = await it.world.emsp();
  const [first, second] = it.stations;
  await it.world.charging(emsp, first);
  await it.world.charging(emsp, second);
  await it.limited('CP-201-1', 10);
  it.faults.set('loses-ends');
  await first.stop(1);
  await it.limited('CP-201-1', 20);
});

test('R-03: a meter that falls silent is noticed although nothing else speaks', async () => {
  await using it = await openGarage('sqlite');
  const [first, second] = it.stations;
  await first.plugIn(1, { car: buildCar(), idToken: badge });
  await second.plugIn(1, { car: buildCar(), idToken: badge });
  await it.limited('CP-201-1', 10);
  const transactionId = Number(first.transaction(1));
  const sampledValue = [{ measurand: 'Current.Import', unit: 'A', value: '4' }];
  for (let n = 0; n < 12; n++) {
    const timestamp = new Date(it.clock.now()).toISOString();
    await first.call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue }] });
    await it.pass(60);
  }
  await it.limited('CP-201-1', 14);
  await it.pass(9 * 60);
  await it.limited('CP-201-1', 10);
});
