import { describe, expect, test } from 'vitest';
import type { AnswerBehaviour, ChargePoint, Emsp } from '../../sim/index.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { openWorld, type StationName, stationVersions, type World, type WorldOptions } from '../world.ts';

const names = Object.keys(stationVersions) as StationName[];
/** Timeouts in seconds: a charge point can reconnect within LONG; a test can wait for the end of SHORT. */
const LONG = 60;
const SHORT = 5;

const profile = (limit: number) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }] });
const answers = (action: string, ...behaviours: AnswerBehaviour[]) => ({ answers: { [action]: behaviours } });
const SET = 'SetChargingProfile';
const CLEAR = 'ClearChargingProfile';
const GET = 'GetCompositeSchedule';

interface Scene extends AsyncDisposable {
  world: World;
  emsp: Emsp;
  station: ChargePoint;
  session: string;
}
/** Opens a world with a charging car; `timeout`: seconds, as in the answers to requests. */
async function scene(timeout: number, name: StationName = 'CP-16', options: WorldOptions = {}): Promise<Scene> {
  const world = await openWorld({ ...options, config: { timeout } });
  const emsp = await world.emsp();
  const station = await world.station(name);
  const session = await world.charging(emsp, station);
  return { world, emsp, station, session, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}
/** Resolves with the outcome of the request of this kind; each test sends only one. */
const outcomeOf = ({ world }: Scene, kind: 'set' | 'get' | 'clear') => world.firstStep('outcome', (it) => it.kind === kind);
/** The limits of the sets that the charge point received, in their order. */
const receivedLimits = (station: ChargePoint) => station.received(SET).map((it) => JSON.stringify(it).match(/"limit":([\d.]+)/)?.[1]);

describe.concurrent('a charge point whose connection breaks during a call (G-15)', () => {
  describe.each(names)('%s', (name) => {
    test.each<[string, AnswerBehaviour, number]>([
      ['breaks its connection before it applies the profile', { is: 'drop', done: false }, 2],
      ['breaks its connection after it applied the profile', { is: 'drop', done: true }, 2],
      ['answers on its next connection', { is: 'answer-on-new-socket' }, 2],
      ['answers twice', { is: 'twice' }, 1],
    ])('%s: the call is sent again only after a reconnect, and the eMSP receives one result', async (_what, behaviour, calls) => {
      await using it = await scene(LONG, name);
      it.station.behave(answers(SET, behaviour));
      const set = await it.emsp.set(it.session, profile(10));
      expect(await outcomeOf(it, 'set')).toMatchObject({ state: 'DELIVERED', result: 'ACCEPTED' });
      expect(it.station.received(SET)).toHaveLength(calls);
      expect(it.emsp.callbacks(set.responseUrl).map(({ body }) => body)).toEqual([{ result: 'ACCEPTED' }]);
      expect(it.station.installed()).toHaveLength(1);
    });

    test('a clear is ACCEPTED when its first call removed the profile and its second call finds none', async () => {
      await using it = await scene(LONG, name);
      await (await it.emsp.set(it.session, profile(10))).later;
      it.station.behave(answers(CLEAR, { is: 'drop', done: true }));
      const clear = await it.emsp.clear(it.session);
      expect(await clear.later).toEqual({ result: 'ACCEPTED' });
    });

    test('after a CALLERROR the result is REJECTED', async () => {
      await using it = await scene(LONG, name);
      it.station.behave(answers(SET, { is: 'call-error', code: 'InternalError' }));
      const set = await it.emsp.set(it.session, profile(10));
      expect(await set.later).toEqual({ result: 'REJECTED' });
    });
  });

  test('A-16: a charge point stays offline: a request that it may have received ends without a result, an unsent one is REJECTED before the deadline', async () => {
    await using it = await scene(SHORT);
    it.station.behave(answers(GET, { is: 'late', milliseconds: 60_000 }));
    const get = await it.emsp.get(it.session, 900);
    const set = await it.emsp.set(it.session, profile(10));
    it.station.drop();
    expect(await set.later).toEqual({ result: 'REJECTED' });
    expect(await outcomeOf(it, 'set')).toMatchObject({ state: 'DELIVERED', reason: 'not_sent' });
    expect(await outcomeOf(it, 'get')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    expect(it.emsp.callbacks(get.responseUrl)).toEqual([]);
  });

  test('a call is sent at most twice', async () => {
    await using it = await scene(10);
    it.station.behave(answers(SET, { is: 'drop', done: false }, { is: 'drop', done: false }));
    const set = await it.emsp.set(it.session, profile(10));
    expect(await outcomeOf(it, 'set')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    expect(it.station.received(SET)).toHaveLength(2);
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('an older set is sent again before a newer one is sent, so that the newer profile stays', async () => {
    await using it = await scene(LONG);
    it.station.behave(answers(SET, { is: 'drop', done: true }));
    const older = await it.emsp.set(it.session, profile(8));
    const newer = await it.emsp.set(it.session, profile(12));
    expect([await older.later, await newer.later]).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
    expect(receivedLimits(it.station)).toEqual(['8', '8', '12']);
  });

  test('a request that arrives while a new connection is being committed is sent after those that already wait', async () => {
    const gate = commitGate('station-connected');
    await using it = await scene(LONG, 'CP-16', { aroundStore: gate.around });
    it.station.behave(answers(SET, { is: 'drop', done: true }));
    const reached = gate.close();
    const older = await it.emsp.set(it.session, profile(8));
    await reached;
    const newer = await it.emsp.set(it.session, profile(12));
    expect(newer.result).toBe('ACCEPTED');
    gate.open();
    expect([await older.later, await newer.later]).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
    expect(receivedLimits(it.station)).toEqual(['8', '8', '12']);
  });

  test('a request whose connection breaks while SENDING is being committed is sent on the next connection', async () => {
    const gate = commitGate('claim-sending');
    await using it = await scene(LONG, 'CP-16', { aroundStore: gate.around });
    const reached = gate.close();
    const set = await it.emsp.set(it.session, profile(8));
    await reached;
    const disconnected = it.world.nextStep('station-disconnected');
    it.station.drop();
    await disconnected;
    await it.station.reconnect();
    await it.station.idle();
    gate.open();
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
  });

  test('a first answer whose result is being posted counts, although the second call is never answered', async () => {
    await using it = await scene(6);
    it.station.behave(answers(SET, { is: 'answer-on-new-socket' }, { is: 'never' }));
    it.emsp.behave({ callback: { is: 'trickle', everyMilliseconds: 70 } });
    const set = await it.emsp.set(it.session, profile(10));
    expect(await outcomeOf(it, 'set')).toMatchObject({ state: 'DELIVERED', result: 'ACCEPTED' });
    expect(it.emsp.callbacks(set.responseUrl)).toHaveLength(1);
  });
});

describe.concurrent('a charge point that answers too late (G-15)', () => {
  test('CP-18: on the same connection: the eMSP receives no result, but the active profile', async () => {
    await using it = await scene(SHORT);
    it.station.behave(answers(SET, { is: 'late', milliseconds: 4_000 }));
    const pushed = it.emsp.nextPush(it.session);
    const set = await it.emsp.set(it.session, profile(10));
    expect(await outcomeOf(it, 'set')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_silent' });
    expect(await pushed).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('CP-18: on a new connection, after the end of the request: the eMSP receives no result, but the active profile', async () => {
    await using it = await scene(SHORT);
    it.station.behave(answers(SET, { is: 'answer-on-new-socket' }));
    const pushed = it.emsp.nextPush(it.session);
    const disconnected = it.world.nextStep('station-disconnected');
    const set = await it.emsp.set(it.session, profile(10));
    await disconnected;
    it.station.drop();
    expect(await outcomeOf(it, 'set')).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    await it.station.reconnect();
    expect(await pushed).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('CP-18: it was offline when the node wanted to read the active profile: the profile is read and pushed after the reconnect', async () => {
    const readBegins = Promise.withResolvers<void>();
    const aroundStore = (store: Store): Store => ({
      ...store,
      all: (query) => {
        if (query.name === 'steering-of') readBegins.resolve();
        return store.all(query);
      },
    });
    await using it = await scene(LONG, 'CP-16', { aroundStore });
    const pushed = it.emsp.nextPush(it.session);
    await (await it.emsp.set(it.session, profile(10))).later;
    it.station.drop();
    await readBegins.promise;
    await it.station.reconnect();
    expect(await pushed).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
  });
});

describe.concurrent('a session that ends while a request is under way (how-a-request-runs §5)', () => {
  test('a sent request gets the answer of the charge point as its result', async () => {
    await using it = await scene(LONG);
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
  ] as const)('an unsent %s gets the result %s', async (kind, result) => {
    await using it = await scene(LONG);
    it.station.behave(answers(GET, { is: 'late', milliseconds: 3_000 }));
    await it.emsp.get(it.session, 900);
    const waiting = kind === 'set' ? await it.emsp.set(it.session, profile(10)) : await it.emsp.clear(it.session);
    await it.station.stop(1);
    expect(await waiting.later).toEqual({ result });
    expect(await outcomeOf(it, kind)).toMatchObject({ state: 'DELIVERED', reason: 'session_ended' });
    expect(it.station.received(kind === 'set' ? SET : CLEAR)).toEqual([]);
  });
});

/** Delays the next commit with this statement from `close` until `open`; `close` resolves when the commit is reached. */
function commitGate(name: string) {
  let reached: (() => void) | undefined;
  let open = () => {};
  let opened = Promise.resolve();
  const matches = (writes: readonly Write[]) => writes.some((write) => write.name === name);
  return {
    close: () => {
      opened = new Promise((resolve) => {
        open = resolve;
      });
      return new Promise<void>((resolve) => {
        reached = resolve;
      });
    },
    open: () => open(),
    around: (store: Parameters<NonNullable<WorldOptions['aroundStore']>>[0]) => ({
      ...store,
      commit: async (writes: readonly Write[]) => {
        if (reached && matches(writes)) {
          reached();
          reached = undefined;
          await opened;
        }
        return store.commit(writes);
      },
    }),
  };
}
