import { describe, expect, test } from 'vitest';
import { resultPosts, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

/** Runs one more exchange: every earlier message has arrived before its result. Resolves with its response_url. */
async function runAnother(it: Steered): Promise<string> {
  const { later, responseUrl } = await it.emsp.get(it.session, 60);
  await later;
  return responseUrl;
}
const setsSent = ({ station }: Steered) => station.received('SetChargingProfile').length;

describe.each(stores)('a charge point that answers late or never (%s)', (store) => {
  test('CP-11, CP-16, CON-S05: without an answer the exchange is TIMED_OUT before the announced timeout, reported once, and no result is posted', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'never' }] } });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    await it.clock.advance(24_000);
    expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_silent' });
    await it.clock.advance(60_000);
    const other = await runAnother(it);
    expect(resultPosts(it.emsp).map(({ url }) => url)).toEqual([other]);
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
    expect(it.world.steps.filter((step) => step.step === 'outcome' && step.state === 'TIMED_OUT')).toHaveLength(1);
    expect(setsSent(it)).toBe(1);
  });

  test('CP-16: an answer within four fifths of the timeout still gives a result in time', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 23_900 }] } });
    const arrives = it.station.next('SetChargingProfile');
    const accepted = it.clock.now();
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    await it.clock.advance(23_900);
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    for (const { at } of it.emsp.callbacks(set.responseUrl)) expect(at - accepted).toBeLessThanOrEqual(30_000);
  });

  test('CP-18, CP-47: an answer after the timeout leads to a push of the active profile, and to no result', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 40_000 }] } });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    await it.clock.advance(24_000);
    await it.firstOutcome({ state: 'TIMED_OUT' });
    const pushed = it.emsp.nextPush(it.session);
    await it.until(it.world.firstStep('station-answered', ({ answer }) => answer === 'ACCEPTED, late'));
    expect(await it.until(pushed)).toMatchObject({ charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    await runAnother(it);
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });
});

describe.each(stores)('a connection that breaks during a request (%s)', (store) => {
  test('CP-06, CP-15: the request is sent once more with the same profile id, and one result is posted', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'drop', done: true }] } });
    const set = await it.emsp.set(it.session, upTo(10));
    await it.world.firstStep('station-disconnected');
    await it.station.reconnect();
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    await runAnother(it);
    expect(setsSent(it)).toBe(2);
    expect(it.station.installed()).toHaveLength(1);
    expect(it.emsp.callbacks(set.responseUrl)).toHaveLength(1);
  });

  test('CP-15: a clear that was executed gets ACCEPTED, although its repetition finds no profile', async () => {
    await using it = await openSteered(store, { answers: { ClearChargingProfile: [{ is: 'drop', done: true }] } });
    await (await it.emsp.set(it.session, upTo(10))).later;
    const clear = await it.emsp.clear(it.session);
    await it.world.firstStep('station-disconnected');
    await it.station.reconnect();
    expect(await clear.later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.installed()).toEqual([]);
  });

  test('CP-15: an answer over the next connection is accepted', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'answer-on-new-socket' }] } });
    const set = await it.emsp.set(it.session, upTo(10));
    await it.world.firstStep('station-disconnected');
    await it.station.reconnect();
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    await runAnother(it);
    expect(it.emsp.callbacks(set.responseUrl)).toHaveLength(1);
  });

  test('CP-11, CP-16: after the second break the request is not sent again, and no result is posted', async () => {
    await using it = await openSteered(store, {
      answers: {
        SetChargingProfile: [
          { is: 'drop', done: false },
          { is: 'drop', done: false },
        ],
      },
    });
    const set = await it.emsp.set(it.session, upTo(10));
    await it.world.firstStep('station-disconnected');
    await it.station.reconnect();
    await it.world.firstStep('sending', () => it.world.steps.filter(({ step }) => step === 'sending').length === 2);
    await it.world.firstStep('station-disconnected', () => it.world.steps.filter(({ step }) => step === 'station-disconnected').length === 2);
    await it.station.reconnect();
    await runAnother(it);
    expect(await it.until(it.firstOutcome({ kind: 'set' }))).toMatchObject({ state: 'TIMED_OUT', reason: 'cp_offline' });
    await runAnother(it);
    expect(setsSent(it)).toBe(2);
    expect(it.emsp.callbacks(set.responseUrl)).toEqual([]);
  });

  test('CP-16: without a new connection a request that was never sent gets REJECTED in time, and one that was sent gets no result', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'never' }] } });
    const arrives = it.station.next('SetChargingProfile');
    const sent = await it.emsp.set(it.session, upTo(10));
    await arrives;
    const waiting = await it.emsp.set(it.session, upTo(8));
    it.station.drop();
    await it.world.firstStep('station-disconnected');
    await it.clock.advance(24_000);
    expect(await waiting.later).toEqual({ result: 'REJECTED' });
    expect(await it.firstOutcome({ reason: 'not_sent' })).toMatchObject({ kind: 'set', state: 'DELIVERED', result: 'REJECTED' });
    expect(await it.firstOutcome({ state: 'TIMED_OUT' })).toMatchObject({ kind: 'set', reason: 'cp_offline' });
    expect(it.emsp.callbacks(sent.responseUrl)).toEqual([]);
  });

  test.each(['CP-16', 'CP-201'] as const)(
    'CP-18: after an unanswered set the active profile is pushed to the sender when %s is connected again',
    async (at) => {
      await using it = await openSteered(store, { at });
      await (await it.emsp.set(it.session, upTo(16))).later;
      await it.until(it.emsp.nextPush(it.session));
      it.station.behave({ answers: { SetChargingProfile: [{ is: 'never' }] } });
      const arrives = it.station.next('SetChargingProfile');
      await it.emsp.set(it.session, upTo(10));
      await arrives;
      it.station.drop();
      await it.world.firstStep('station-disconnected');
      await it.until(it.firstOutcome({ state: 'TIMED_OUT' }));
      await it.clock.advance(30_000);
      const pushed = it.emsp.nextPush(it.session);
      await it.station.reconnect();
      expect(await it.until(pushed)).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
    },
  );
});

describe.each(stores)('a node that is stopped during a request (%s)', (store) => {
  test('CP-06, CP-11: completes the request after its next start', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'never' }] } });
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(10));
    await arrives;
    const waiting = await it.emsp.get(it.session, 60);
    await it.world.restart();
    await it.station.reconnect();
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    expect(await waiting.later).toMatchObject({ result: 'ACCEPTED', profile: { charging_profile: { charging_profile_period: [{ limit: 10 }] } } });
    await runAnother(it);
    for (const { responseUrl } of [set, waiting]) expect(it.emsp.callbacks(responseUrl)).toHaveLength(1);
  });
});

describe.concurrent.each(stores)('a receiver that never answers (%s)', (store) => {
  test('CP-17: gets the result once, without a retry', async ({ expect }) => {
    await using it = await openSteered(store);
    it.emsp.behave({ callback: { is: 'hang' } });
    const { responseUrl } = await it.emsp.set(it.session, upTo(10));
    expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'UNDELIVERED', reason: 'timeout', result: 'ACCEPTED' });
    expect(resultPosts(it.emsp).map(({ url }) => url)).toEqual([responseUrl]);
  });
});
