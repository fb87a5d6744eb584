import { describe, expect, test } from 'vitest';
import type { AnswerBehaviour, ChargePoint, Emsp } from '../../sim/index.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { openWorld, type StationName, stationVersions, type World, type WorldOptions } from '../world.ts';

const names = Object.keys(stationVersions) as StationName[];
/** Long enough for a charge point to come back in, and short enough to be waited for. */
const AMPLE = 60;
const SHORT = 5;

const profile = (limit: number) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }] });
const answers = (action: string, ...manners: AnswerBehaviour[]) => ({ answers: { [action]: manners } });
const SET = 'SetChargingProfile';
const CLEAR = 'ClearChargingProfile';
const GET = 'GetCompositeSchedule';

interface Scene extends AsyncDisposable {
  world: World;
  emsp: Emsp;
  station: ChargePoint;
  session: string;
}
/** A car that charges at a charge point of one version; `timeout` in seconds is what the eMSP is told. */
async function scene(timeout: number, name: StationName = 'CP-16', options: WorldOptions = {}): Promise<Scene> {
  const world = await openWorld({ ...options, config: { timeout } });
  const emsp = await world.emsp();
  const station = await world.station(name);
  const session = await world.charging(emsp, station);
  return { world, emsp, station, session, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}
const ended = ({ world }: Scene, kind: 'set' | 'get' | 'clear') => world.firstStep('outcome', (it) => it.kind === kind);
/** Limits that were asked for, in the order in which the charge point heard of them. */
const limitsSent = (station: ChargePoint) => station.received(SET).map((it) => JSON.stringify(it).match(/"limit":([\d.]+)/)?.[1]);

describe.concurrent('a charge point that breaks off in the middle of a command (G-15)', () => {
  describe.each(names)('%s', (name) => {
    test.each<[string, AnswerBehaviour, number]>([
      ['before it did it', { is: 'drop', done: false }, 2],
      ['after it did it', { is: 'drop', done: true }, 2],
      ['and answers on its next connection', { is: 'answer-on-new-socket' }, 2],
      ['not at all: it answers twice', { is: 'twice' }, 1],
    ])('%s: is asked once more when it is back, and the eMSP is told once', async (_when, manner, calls) => {
      await using it = await scene(AMPLE, name);
      it.station.behave(answers(SET, manner));
      const set = await it.emsp.set(it.session, profile(10));
      expect(await ended(it, 'set')).toMatchObject({ state: 'DELIVERED', result: 'ACCEPTED' });
      expect(it.station.received(SET)).toHaveLength(calls);
      expect(it.emsp.callbacks(set.responseUrl).map(({ body }) => body)).toEqual([{ result: 'ACCEPTED' }]);
      expect(it.station.installed()).toHaveLength(1);
    });

    test('a clear that worked, and finds nothing when it goes again, was ACCEPTED all the same', async () => {
      await using it = await scene(AMPLE, name);
      await (await it.emsp.set(it.session, profile(10))).later;
      it.station.behave(answers(CLEAR, { is: 'drop', done: true }));
      const clear = await it.emsp.clear(it.session);
      expect(await clear.later).toEqual({ result: 'ACCEPTED' });
    });

    test('a CALLERROR is a refusal, and is told', async () => {
      await using it = await scene(AMPLE, name);
      it.station.behave(answers(SET, { is: 'call-error', code: 'InternalError' }));
      const set = await it.emsp.set(it.session, profile(10));
      expect(await set.later).toEqual({ result: 'REJECTED' });
    });
  });

  test('A-16: it stays away: what it may have got ends silently, what it never got is REJECTED before the deadline', async () => {
    await using it = await scene(SHORT);
    it.station.behave(answers(GET, { is: 'late', milliseconds: 60_000 }));
    const get = await it.emsp.get(it.session, 900);
    const set = await it.emsp.set(it.session, profile(10));
    it.station.drop();
    expect(await set.later).toEqual({ result: 'REJECTED' });
    expect(await ended(it, 'set')).toMatchObject({ state: 'DELIVERED', reason: 'not_sent' });
    expect(await ended(it, 'get')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    expect(it.emsp.callbacks(get.responseUrl)).toEqual([]);
  });

  test('it breaks off again: twice is enough, a third time would only pile up', async () => {
    await using it = await scene(10);
    it.station.behave(answers(SET, { is: 'drop', done: false }, { is: 'drop', done: false }));
    const set = await it.emsp.set(it.session, profile(10));
    expect(await ended(it, 'set')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    expect(it.station.received(SET)).toHaveLength(2);
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('an older set goes again before a newer one goes at all, so that the newer one stays', async () => {
    await using it = await scene(AMPLE);
    it.station.behave(answers(SET, { is: 'drop', done: true }));
    const older = await it.emsp.set(it.session, profile(8));
    const newer = await it.emsp.set(it.session, profile(12));
    expect([await older.later, await newer.later]).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
    expect(limitsSent(it.station)).toEqual(['8', '8', '12']);
  });

  test('a request that comes while the connection is being recorded goes behind what waits', async () => {
    const gate = holdBack('station-connected');
    await using it = await scene(AMPLE, 'CP-16', { aroundStore: gate.around });
    it.station.behave(answers(SET, { is: 'drop', done: true }));
    const held = gate.hold();
    const older = await it.emsp.set(it.session, profile(8));
    await held;
    const newer = await it.emsp.set(it.session, profile(12));
    expect(newer.result).toBe('ACCEPTED');
    gate.release();
    expect([await older.later, await newer.later]).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
    expect(limitsSent(it.station)).toEqual(['8', '8', '12']);
  });

  test('a connection that breaks while the request is being claimed: it goes on the next one', async () => {
    const gate = holdBack('claim-sending');
    await using it = await scene(AMPLE, 'CP-16', { aroundStore: gate.around });
    const held = gate.hold();
    const set = await it.emsp.set(it.session, profile(8));
    await held;
    it.station.drop();
    await it.world.firstStep('station-disconnected');
    await it.station.reconnect();
    await it.station.idle();
    gate.release();
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
  });

  test('a second word that never comes takes nothing from a first that is on its way to the eMSP', async () => {
    await using it = await scene(6);
    it.station.behave(answers(SET, { is: 'answer-on-new-socket' }, { is: 'never' }));
    it.emsp.behave({ callback: { is: 'trickle', everyMilliseconds: 70 } });
    const set = await it.emsp.set(it.session, profile(10));
    expect(await ended(it, 'set')).toMatchObject({ state: 'DELIVERED', result: 'ACCEPTED' });
    expect(it.emsp.callbacks(set.responseUrl)).toHaveLength(1);
  });
});

describe.concurrent('a charge point that answers too late (G-15)', () => {
  test('CP-18: on the same connection: the eMSP hears no result, but of the profile that now holds', async () => {
    await using it = await scene(SHORT);
    it.station.behave(answers(SET, { is: 'late', milliseconds: 4_000 }));
    const pushed = it.emsp.nextPush(it.session);
    const set = await it.emsp.set(it.session, profile(10));
    expect(await ended(it, 'set')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_silent' });
    expect(await pushed).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('CP-18: on a new connection, after the end: the same', async () => {
    await using it = await scene(SHORT);
    it.station.behave(answers(SET, { is: 'answer-on-new-socket' }));
    const pushed = it.emsp.nextPush(it.session);
    const set = await it.emsp.set(it.session, profile(10));
    await it.world.firstStep('station-disconnected');
    it.station.drop();
    expect(await ended(it, 'set')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    await it.station.reconnect();
    expect(await pushed).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('CP-18: it was away when its profile was to be read: it is read and told when it is back', async () => {
    const asked = Promise.withResolvers<void>();
    const aroundStore = (store: Store): Store => ({
      ...store,
      all: (query) => {
        if (query.name === 'steering-of') asked.resolve();
        return store.all(query);
      },
    });
    await using it = await scene(AMPLE, 'CP-16', { aroundStore });
    const told = it.emsp.nextPush(it.session);
    await (await it.emsp.set(it.session, profile(10))).later;
    it.station.drop();
    await asked.promise;
    await it.station.reconnect();
    expect(await told).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
  });
});

describe.concurrent('a session that ends while a request is under way (how-a-request-runs §5)', () => {
  test('what was sent gets its true word', async () => {
    await using it = await scene(AMPLE);
    it.station.behave(answers(SET, { is: 'late', milliseconds: 1_000 }));
    const called = it.station.next(SET);
    const set = await it.emsp.set(it.session, profile(10));
    await called;
    await it.station.stop(1);
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
  });

  test.each([
    ['set', 'REJECTED'],
    ['clear', 'UNKNOWN'],
  ] as const)('an unsent %s is %s', async (kind, result) => {
    await using it = await scene(AMPLE);
    it.station.behave(answers(GET, { is: 'late', milliseconds: 3_000 }));
    await it.emsp.get(it.session, 900);
    const waiting = kind === 'set' ? await it.emsp.set(it.session, profile(10)) : await it.emsp.clear(it.session);
    await it.station.stop(1);
    expect(await waiting.later).toEqual({ result });
    expect(await ended(it, kind)).toMatchObject({ state: 'DELIVERED', reason: 'session_ended' });
    expect(it.station.received(kind === 'set' ? SET : CLEAR)).toEqual([]);
  });
});

/** Holds up the next commit with that statement, from `hold` until `release`; `hold` resolves when it is there. */
function holdBack(name: string) {
  let arrive: (() => void) | undefined;
  let release = () => {};
  let open = Promise.resolve();
  const meets = (writes: readonly Write[]) => writes.some((write) => write.name === name);
  return {
    hold: () => {
      open = new Promise((then) => {
        release = then;
      });
      return new Promise<void>((then) => {
        arrive = then;
      });
    },
    release: () => release(),
    around: (store: Parameters<NonNullable<WorldOptions['aroundStore']>>[0]) => ({
      ...store,
      commit: async (writes: readonly Write[]) => {
        if (arrive && meets(writes)) {
          arrive();
          arrive = undefined;
          await open;
        }
        return store.commit(writes);
      },
    }),
  };
}
