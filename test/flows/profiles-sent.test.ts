import { describe, expect, test } from 'vitest';
import { realClock, virtualClock } from '../../sim/index.ts';
import type { Cpo, Fault, ProfileAnswers } from '../../sim/partner.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Ask } from '../../src/domain/exchange.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { openEmspWorld, remoteSession, sessionKeyOf } from '../emsp-world.ts';
import { type StoreKind, stores } from '../world.ts';

const set: Ask = { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } };
const get: Ask = { kind: 'get', duration: seconds(900) };
const clear: Ask = { kind: 'clear' };
const active = {
  start_date_time: '2026-01-31T10:00:00Z',
  charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 8 }] },
};

const clockAtTen = () => virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));

async function openSender(store: StoreKind, { id = 's1', ...profileAnswers }: ProfileAnswers & { id?: string } = {}, clock: Clock = realClock()) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openEmspWorld({ store, clock }));
  const cpo = await world.cpo({ profileAnswers });
  await cpo.put(remoteSession(id));
  const resources = stack.move();
  return {
    world,
    cpo,
    ask: async (ask: Ask) => {
      const answer = await world.node().ask(sessionKeyOf(cpo, id), ask);
      if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
/** The CPO accepts and posts no result. */
const silent = { times: 0 };
const profilesOf = (cpo: Cpo, session: string) =>
  `${cpo.peer().endpoints.find((it) => it.identifier === 'chargingprofiles' && it.role === 'SENDER')?.url}/${session}`;

describe.each(stores)('requests that an eMSP node sends to a CPO (%s)', (store) => {
  test('CP-02, CP-03, CP-04, CP-30: set, get and clear have the form of the standard, each with its own response_url', async () => {
    await using it = await openSender(store);
    for (const ask of [set, get, clear]) {
      await it.ask(ask);
      await it.world.firstStep('outcome', ({ kind }) => kind === ask.kind);
    }
    const [put, got, cleared] = it.cpo.profileRequests;
    expect(put).toMatchObject({
      method: 'PUT',
      sessionId: 's1',
      body: { charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] }, response_url: put?.responseUrl },
    });
    expect(got).toMatchObject({ method: 'GET', sessionId: 's1', duration: '900' });
    expect(cleared).toMatchObject({ method: 'DELETE', sessionId: 's1' });
    const requests = it.cpo.requests.filter(({ module }) => module === 'chargingprofiles');
    for (const { headers } of requests) expect(headers).toMatchObject({ 'ocpi-from-party-id': 'EVK', 'ocpi-to-party-id': 'CPO' });
  });

  test('CP-33: have the session id of the CPO, whatever characters it contains', async () => {
    const id = 'a/b?c#d%2Fe f&g=h;i+j';
    await using it = await openSender(store, { id });
    await it.ask(set);
    await it.world.firstStep('outcome', ({ state }) => state === 'CONFIRMED');
    expect(it.cpo.profileRequests.map(({ sessionId }) => sessionId)).toEqual([id]);
    expect((await it.cpo.pushActiveProfile(id, active)).http).toBe(200);
  });

  test('CP-43: have a response_url that is used once and cannot be guessed', async () => {
    await using it = await openSender(store, { PUT: { answer: 'REJECTED' } });
    for (let n = 0; n < 25; n++) await it.ask(set);
    await it.world.firstStep('peer-answered', () => it.cpo.profileRequests.length === 25);
    const last = it.cpo.profileRequests.map(({ responseUrl }) => new URL(responseUrl).pathname.split('/').at(-1) ?? '');
    expect(new Set(last).size).toBe(25);
    for (const secret of last) expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(16);
  });

  test('CP-15: end as their result says', async () => {
    await using it = await openSender(store);
    const ends = { ACCEPTED: 'CONFIRMED', REJECTED: 'REJECTED', UNKNOWN: 'UNKNOWN' };
    for (const [result, state] of Object.entries(ends)) {
      it.cpo.answerProfiles({ PUT: { later: { result } } });
      await it.ask(set);
      expect(await it.world.firstStep('outcome', (step) => step.result === result)).toMatchObject({ kind: 'set', state });
    }
  });

  test('CP-11: end with every answer but ACCEPTED', async () => {
    await using it = await openSender(store);
    for (const answer of ['REJECTED', 'NOT_SUPPORTED', 'TOO_OFTEN', 'UNKNOWN_SESSION']) {
      it.cpo.answerProfiles({ PUT: { answer } });
      await it.ask(set);
      expect(await it.world.firstStep('outcome', ({ result }) => result === answer)).toMatchObject({ kind: 'set', state: 'REFUSED' });
      const { responseUrl = '' } = it.cpo.profileRequests.at(-1) ?? {};
      expect((await it.cpo.post(responseUrl, { result: 'ACCEPTED' })).http).toBe(404);
    }
  });

  test('CP-16, CP-44, CP-45: are UNCERTAIN without a result in the announced timeout, and the active profile is requested', async () => {
    const clock = clockAtTen();
    await using it = await openSender(store, { PUT: { ...silent, timeout: 20 }, GET: { later: { result: 'ACCEPTED', profile: active } } }, clock);
    await it.ask(set);
    await it.world.firstStep('peer-answered');
    await clock.advance(24_000);
    expect(it.world.steps.filter(({ step }) => step === 'outcome')).toEqual([]);
    await clock.advance(1_000);
    expect(await it.world.firstStep('outcome', ({ kind }) => kind === 'set')).toMatchObject({ state: 'UNCERTAIN' });
    await it.world.firstStep('peer-answered', ({ kind }) => kind === 'get');
    await clock.advance(1);
    expect(await it.world.firstStep('result-received', ({ kind }) => kind === 'get')).toMatchObject({ result: 'ACCEPTED' });
    expect(it.cpo.profileRequests.map(({ method, duration }) => [method, duration])).toEqual([
      ['PUT', undefined],
      ['GET', '900'],
    ]);
  });

  test('CP-44: are UNCERTAIN after an error, garbage or half an answer: the active profile is requested, and the set is not sent again', async () => {
    await using it = await openSender(store);
    it.cpo.answerProfiles({ PUT: silent });
    const faults: Fault[] = [{ is: 'answer', http: 500 }, { is: 'garbage' }, { is: 'reset' }];
    for (const [n, fault] of faults.entries()) {
      const ended = (kind: string) => it.world.steps.filter((step) => step.step === 'outcome' && step.kind === kind).length;
      it.cpo.behave({ chargingprofiles: [fault] });
      await it.ask(set);
      expect(await it.world.firstStep('outcome', ({ kind }) => kind === 'set' && ended('set') === n + 1)).toMatchObject({ state: 'UNCERTAIN' });
      await it.world.firstStep('outcome', ({ kind }) => kind === 'get' && ended('get') === n + 1);
    }
    expect(it.cpo.profileRequests.map(({ method }) => method)).toEqual(faults.flatMap(() => ['PUT', 'GET']));
  });
});

describe.each(stores)('results and active profiles from a CPO to an eMSP node (%s)', (store) => {
  test('CP-40: come by POST and PUT respectively; other methods are 405', async () => {
    await using it = await openSender(store);
    await it.ask(set);
    await it.world.firstStep('outcome');
    const { responseUrl = '' } = it.cpo.profileRequests[0] ?? {};
    for (const [url, methods] of [
      [responseUrl, ['GET', 'PUT', 'PATCH', 'DELETE']],
      [profilesOf(it.cpo, 's1'), ['GET', 'POST', 'PATCH', 'DELETE']],
    ] as const)
      for (const method of methods) expect([method, (await it.cpo.send({ method, url })).http]).toEqual([method, 405]);
  });

  test('CP-41, CP-42: are answered without data', async () => {
    await using it = await openSender(store);
    const posted = it.cpo.nextPosted();
    await it.ask(set);
    for (const { http, envelope } of [await posted, await it.cpo.pushActiveProfile('s1', active)]) {
      expect([http, envelope.status_code]).toEqual([200, 1000]);
      expect(envelope).not.toHaveProperty('data');
    }
  });

  test('CP-13, CP-46: a result is accepted once, from the CPO of the request, of the right kind, at a response_url of this node', async () => {
    await using it = await openSender(store, { PUT: silent, GET: silent });
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await it.ask(set);
    await it.world.firstStep('peer-answered');
    const { responseUrl = '' } = it.cpo.profileRequests[0] ?? {};
    const refused = async (answer: Promise<{ http: number; envelope: { [name: string]: unknown } }>) => {
      const { http, envelope } = await answer;
      return [http, Number(envelope.status_code) >= 2000];
    };
    expect(await refused(it.cpo.post(responseUrl, { result: 'ACCEPTED' }, 'wrong-token'))).toEqual([401, true]);
    expect(await refused(other.post(responseUrl, { result: 'ACCEPTED' }))).toEqual([404, true]);
    expect(await refused(it.cpo.post(responseUrl.replace(/[^/]+$/, 'A'.repeat(22)), { result: 'ACCEPTED' }))).toEqual([404, true]);
    expect(await refused(it.cpo.post(responseUrl.replace('set-charging-profile', 'clear-charging-profile'), { result: 'ACCEPTED' }))).toEqual([404, true]);
    for (const body of [{ result: 'MAYBE' }, { profile: active }, []]) expect(await refused(it.cpo.post(responseUrl, body))).toEqual([200, true]);
    expect(it.world.steps.filter(({ step }) => step === 'result-received')).toEqual([]);

    expect((await it.cpo.post(responseUrl, { result: 'ACCEPTED' })).http).toBe(200);
    expect(await refused(it.cpo.post(responseUrl, { result: 'REJECTED' }))).toEqual([404, true]);
    expect(it.world.steps.flatMap((it) => (it.step === 'outcome' ? [it.state] : []))).toEqual(['CONFIRMED']);
  });

  test('CP-13: a result is accepted also in an envelope, and before the answer of the CPO has arrived', async () => {
    await using it = await openSender(store, { PUT: { later: { data: { result: 'ACCEPTED' }, status_code: 1000, timestamp: '2026-01-31T10:00:00Z' } } });
    await it.ask(set);
    expect(await it.world.firstStep('outcome')).toMatchObject({ state: 'CONFIRMED' });
  });

  test('CP-47: a late result is recorded and answered with success for an hour, and is 404 afterwards', async () => {
    const clock = clockAtTen();
    await using it = await openSender(store, { PUT: { ...silent, timeout: 20 }, DELETE: { ...silent, timeout: 20 } }, clock);
    await it.ask(set);
    await it.world.firstStep('peer-answered', ({ kind }) => kind === 'set');
    await it.ask(clear);
    await it.world.firstStep('peer-answered', ({ kind }) => kind === 'clear');
    await clock.advance(26_000);
    for (const kind of ['set', 'clear']) await it.world.firstStep('outcome', (step) => step.kind === kind);
    const [put, cleared] = ['PUT', 'DELETE'].map((method) => it.cpo.profileRequests.find((it) => it.method === method)?.responseUrl ?? '');

    const answer = await it.cpo.post(put ?? '', { result: 'ACCEPTED' });
    expect([answer.http, answer.envelope.status_code]).toEqual([200, 1000]);
    expect(await it.world.firstStep('result-received', ({ kind }) => kind === 'set')).toMatchObject({ late: true, result: 'ACCEPTED' });
    await clock.advance(3_600_000);
    expect((await it.cpo.post(cleared ?? '', { result: 'ACCEPTED' })).http).toBe(404);
  });

  test('CP-46: a result finds its exchange also after a restart of the node', async () => {
    await using it = await openSender(store, { PUT: silent });
    await it.ask(set);
    await it.world.firstStep('peer-answered');
    await it.world.stop();
    await it.world.start();
    const { responseUrl = '' } = it.cpo.profileRequests[0] ?? {};
    expect((await it.cpo.post(responseUrl, { result: 'ACCEPTED' })).http).toBe(200);
    expect(await it.world.firstStep('outcome')).toMatchObject({ state: 'CONFIRMED' });
  });

  test('CP-18, CP-48: an active profile is accepted from the CPO of the session after an accepted set, and in no other case', async () => {
    await using it = await openSender(store);
    const other = await it.world.cpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    expect((await it.cpo.pushActiveProfile('s1', active)).http).toBe(404);
    await it.ask(get);
    await it.world.firstStep('outcome', ({ kind }) => kind === 'get');
    expect((await it.cpo.pushActiveProfile('s1', active)).http).toBe(404);
    await it.ask(set);
    await it.world.firstStep('outcome', ({ kind }) => kind === 'set');
    expect((await it.cpo.pushActiveProfile('nowhere', active)).http).toBe(404);
    expect((await other.pushActiveProfile('s1', active)).http).toBe(404);
    expect((await it.cpo.pushActiveProfile('s1', { charging_profile: active.charging_profile })).envelope.status_code).toBe(2001);
    expect(it.world.steps.filter(({ step }) => step === 'active-profile-received')).toEqual([]);

    expect((await it.cpo.pushActiveProfile('s1', active)).http).toBe(200);
    expect(await it.world.firstStep('active-profile-received')).toMatchObject({ profile: { unit: 'A', duration: 900, periods: [{ start: 0, limit: 8 }] } });
  });

  test('CP-14: the result of an accepted get has the active profile', async () => {
    await using it = await openSender(store, { GET: { later: { result: 'ACCEPTED', profile: active } } });
    await it.ask(get);
    expect(await it.world.firstStep('result-received')).toMatchObject({ kind: 'get', result: 'ACCEPTED', profile: { unit: 'A', periods: [{ limit: 8 }] } });
  });
});
