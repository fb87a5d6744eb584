import { describe, expect, test } from 'vitest';
import type { AnswerBehaviour } from '../../sim/charge-point/traits.ts';
import type { Fault } from '../../sim/partner.ts';
import { profilesUrl, resultPosts, resultUrl, upTo } from '../profile-requests.ts';
import { type StationName, stores } from '../world.ts';
import { openSteered } from './steered.fixture.ts';

describe.each(stores)('the address of a result (%s)', (store) => {
  test('CP-12: is the response_url, unchanged to the last byte', async () => {
    await using it = await openSteered(store);
    const addresses = ['a?request_id=42', 'b/', 'b//c', 'd?', 'e?x=1&y=%26%3D&z', 'f/%2F/%2e', 'G/MixedCase;p=1?Q=A+B', 'h?next=https://x.example/?a=b?c'].map(
      (tail) => resultUrl(it.emsp, tail),
    );
    for (const responseUrl of addresses) {
      const set = await it.emsp.set(it.session, upTo(10), { responseUrl });
      const clear = await it.emsp.clear(it.session, { responseUrl: `${responseUrl}-` });
      expect([await set.later, await clear.later]).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
    }
    expect(resultPosts(it.emsp).map(({ url }) => url)).toEqual(addresses.flatMap((it) => [it, `${it}-`]));
  });

  test('CP-04, CP-12: is the response_url also when it is in the query unencoded and has its own query', async () => {
    await using it = await openSteered(store);
    const at = profilesUrl(it.emsp, it.session);
    const [get, clear] = [resultUrl(it.emsp, 'g?id=1&z=2'), resultUrl(it.emsp, 'c?id=1&z=%2F')];
    expect((await it.emsp.send({ method: 'GET', url: `${at}?duration=900&response_url=${get}` })).data).toMatchObject({ result: 'ACCEPTED' });
    expect((await it.emsp.send({ method: 'DELETE', url: `${at}?response_url=${clear}` })).data).toMatchObject({ result: 'ACCEPTED' });
    expect((await it.emsp.waitForRequest(({ url }) => url === get)).body).toContain('"profile"');
    expect(JSON.parse((await it.emsp.waitForRequest(({ url }) => url === clear)).body)).toEqual({ result: 'UNKNOWN' });
  });

  test.each(['CP-16', 'CP-201', 'CP-21'] as const)(
    'CP-03, CP-12, CP-29: is the response_url for requests as steering services in the field send them, and their profile reaches %s unchanged',
    async (at) => {
      await using it = await openSteered(store, { at });
      const charging_profile = {
        start_date_time: '2026-01-31T09:00:00Z',
        charging_rate_unit: 'W',
        charging_profile_period: [
          { start_period: 0, limit: 11000 },
          { start_period: 900, limit: 0 },
          { start_period: 2700, limit: 7360 },
        ],
      };
      const responseUrl = resultUrl(it.emsp, 'callback?request_id=6f9619ff-8b86-d011-b42d-00c04fc964ff');
      const set = await it.emsp.set(it.session, charging_profile, { responseUrl });
      expect(await set.later).toEqual({ result: 'ACCEPTED' });
      expect(resultPosts(it.emsp).map(({ url }) => url)).toEqual([responseUrl]);
      const [installed] = it.station.installed();
      expect(installed).toMatchObject({
        purpose: 'tx',
        kind: 'Absolute',
        schedule: {
          unit: 'W',
          start: Date.UTC(2026, 0, 31, 9) / 1000,
          periods: [
            { start: 0, limit: 11_000 },
            { start: 900, limit: 0 },
            { start: 2_700, limit: 7_360 },
          ],
        },
      });
      expect(installed?.schedule).not.toHaveProperty('duration');
      const get = await it.emsp.get(it.session, 900, { responseUrl: `${responseUrl}g` });
      expect(await get.later).toMatchObject({
        result: 'ACCEPTED',
        profile: { charging_profile: { charging_rate_unit: 'W', charging_profile_period: [{ limit: 11_000 }] } },
      });
      const clear = await it.emsp.clear(it.session, { responseUrl: `${responseUrl}c` });
      expect(await clear.later).toEqual({ result: 'ACCEPTED' });
    },
  );
});

const answer = (payload: object): AnswerBehaviour => ({ is: 'answer', payload });
const error: AnswerBehaviour = { is: 'call-error', code: 'InternalError' };
const malformed: AnswerBehaviour = { is: 'malformed' };
/** Answers of a charge point to a set, a clear and a get, each with the result that is posted. */
const stationAnswers: Record<'set' | 'clear' | 'get', Record<'CP-16' | 'CP-201', readonly (readonly [AnswerBehaviour, string])[]>> = {
  set: {
    'CP-16': [
      [answer({ status: 'Rejected' }), 'REJECTED'],
      [error, 'REJECTED'],
      [malformed, 'REJECTED'],
      [{ is: 'twice' }, 'ACCEPTED'],
    ],
    'CP-201': [
      [answer({ status: 'Rejected', statusInfo: { reasonCode: 'InvalidSchedule' } }), 'REJECTED'],
      [error, 'REJECTED'],
      [malformed, 'REJECTED'],
      [{ is: 'twice' }, 'ACCEPTED'],
    ],
  },
  clear: {
    'CP-16': [
      [answer({ status: 'Unknown' }), 'UNKNOWN'],
      [error, 'REJECTED'],
      [malformed, 'REJECTED'],
      [answer({ status: 'Accepted' }), 'ACCEPTED'],
    ],
    'CP-201': [
      [answer({ status: 'Unknown' }), 'UNKNOWN'],
      [error, 'REJECTED'],
      [malformed, 'REJECTED'],
      [answer({ status: 'Accepted' }), 'ACCEPTED'],
    ],
  },
  get: {
    'CP-16': [
      [answer({ status: 'Rejected' }), 'REJECTED'],
      [error, 'REJECTED'],
      [malformed, 'REJECTED'],
      [answer({ status: 'Accepted' }), 'REJECTED'],
    ],
    'CP-201': [
      [answer({ status: 'Rejected' }), 'REJECTED'],
      [error, 'REJECTED'],
      [malformed, 'REJECTED'],
      [answer({ status: 'Accepted' }), 'REJECTED'],
    ],
  },
};
const actions = { set: 'SetChargingProfile', clear: 'ClearChargingProfile', get: 'GetCompositeSchedule' } as const;

describe.each(stores)('the content of a result (%s)', (store) => {
  test.each(['CP-16', 'CP-201'] as const satisfies StationName[])(
    'CP-13, CP-14, CP-15: follows the answer of %s, is posted once and without an envelope, and has a profile only when there is one',
    async (at) => {
      await using it = await openSteered(store, { at });
      const requests = {
        clear: () => it.emsp.clear(it.session),
        get: () => it.emsp.get(it.session, 600),
        set: () => it.emsp.set(it.session, upTo(10)),
      };
      for (const kind of ['clear', 'get', 'set'] as const) {
        const cases = stationAnswers[kind][at];
        it.station.behave({ answers: { [actions[kind]]: cases.map(([behaviour]) => behaviour) } });
        for (const [behaviour, result] of cases) {
          const sent = await requests[kind]();
          expect([kind, behaviour.is, await sent.later]).toEqual([kind, behaviour.is, { result }]);
          expect(it.emsp.callbacks(sent.responseUrl)).toHaveLength(1);
        }
      }
    },
  );

  test('CP-15: is ACCEPTED for a repeated set after a rejected one, which changed nothing at the charge point', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [answer({ status: 'Rejected' })] } });
    expect(await (await it.emsp.set(it.session, upTo(10))).later).toEqual({ result: 'REJECTED' });
    expect(await (await it.emsp.set(it.session, upTo(10))).later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.installed()).toHaveLength(1);
  });
});

const failures: readonly (readonly [string, Fault, string, string])[] = [
  ['HTTP 500', { is: 'answer', http: 500 }, 'UNDELIVERED', 'http_5xx: 500'],
  ['HTTP 404', { is: 'answer', http: 404 }, 'UNDELIVERED', 'http_4xx: 404'],
  ['a redirect', { is: 'redirect', to: 'REDIRECTED' }, 'UNDELIVERED', 'redirect'],
  ['garbage', { is: 'garbage' }, 'UNDELIVERED', 'bad_body'],
  ['HTTP 204', { is: 'no-content' }, 'DELIVERED', 'cp'],
  ['status 2000', { is: 'ocpi', code: 2000 }, 'UNDELIVERED', 'ocpi_2xxx: 2000'],
  ['status 3000', { is: 'ocpi', code: 3000 }, 'UNDELIVERED', 'ocpi_3xxx: 3000'],
  ['an answer that is cut off', { is: 'reset' }, 'UNDELIVERED', 'bad_body'],
];

describe.each(stores)('a result whose receiver answers otherwise (%s)', (store) => {
  test('CP-17, F-53: is posted exactly once, and its outcome names the reason', async () => {
    await using it = await openSteered(store);
    const urls: string[] = [];
    const seen = new Set<string>();
    for (const [what, fault, state, reason] of failures) {
      it.emsp.behave({ callback: fault.is === 'redirect' ? { ...fault, to: resultUrl(it.emsp, 'elsewhere') } : fault });
      const { responseUrl } = await it.emsp.set(it.session, upTo(10));
      urls.push(responseUrl);
      const ended = await it.world.firstStep('outcome', ({ exchange }) => !seen.has(exchange));
      seen.add(ended.exchange);
      expect([what, ended.state, ended.reason, ended.result]).toEqual([what, state, reason, 'ACCEPTED']);
    }
    it.emsp.behave({});
    await it.world.restart();
    await it.station.reconnect();
    await it.world.firstStep('station-connected', ({ epoch }) => epoch > 1);
    await it.clock.advance(120_000);
    // the receiver accepts results again, so a repeated post would have arrived as well
    const last = await it.emsp.set(it.session, upTo(9));
    expect(await last.later).toEqual({ result: 'ACCEPTED' });
    expect(resultPosts(it.emsp).map(({ url }) => url)).toEqual([...urls, last.responseUrl]);
  });

  test('CP-17: is UNDELIVERED when the receiver is stopped, and the charge point keeps the profile', async () => {
    await using it = await openSteered(store, { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 1_000 }] } });
    const arrives = it.station.next('SetChargingProfile');
    await it.emsp.set(it.session, upTo(10));
    await arrives;
    await it.emsp[Symbol.asyncDispose]();
    await it.clock.advance(1_000);
    expect(await it.firstOutcome({ kind: 'set' })).toMatchObject({ state: 'UNDELIVERED', reason: 'refused', result: 'ACCEPTED' });
    expect(it.station.installed()).toHaveLength(1);
  });
});
