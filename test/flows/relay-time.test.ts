import { describe, expect, test } from 'vitest';
import { stores } from '../world.ts';
import { driverAtCpo, openRelayed } from './relay.fixture.ts';

describe.concurrent.each(stores)('a CPO that takes its time with a relayed request (%s)', (store) => {
  test('CP-60, how-a-request-runs §8: a result in the last second of its time and of the hop still reaches the SCSP', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { timeout: 20 } });
    const asked = await it.request('set');
    expect(asked.answer.data).toEqual({ result: 'ACCEPTED', timeout: 25 });
    await it.clock.advance(24_000);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await asked.later).toEqual({ result: 'ACCEPTED' });
  });

  test('K13: after that nobody tells the SCSP a result; the CPO is asked what holds, and a late word is thanked for once', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { timeout: 20 } });
    const asked = await it.request('set');
    const { responseUrl } = it.lastForwarded();
    await it.clock.advance(24_999);
    expect(await it.exchanges()).toMatchObject([{ state: 'AWAITING' }]);
    await it.clock.advance(1);
    expect(await it.world.firstStep('outcome')).toMatchObject({ kind: 'set', state: 'TIMED_OUT', reason: 'cpo_silent' });
    await it.world.firstStep('peer-answered', ({ kind }) => kind === 'get');
    expect(it.cpo.profileRequests.map(({ method, sessionId }) => [method, sessionId])).toEqual([
      ['PUT', driverAtCpo.id],
      ['GET', driverAtCpo.id],
    ]);
    const late = await it.cpo.post(responseUrl, { result: 'ACCEPTED' });
    expect([late.http, late.envelope.status_code]).toEqual([200, 1000]);
    expect(await it.exchanges()).toMatchObject([{ state: 'TIMED_OUT', reason: 'cpo_silent, then ACCEPTED' }]);
    expect((await it.cpo.post(responseUrl, { result: 'REJECTED' })).http).toBe(404);
    expect(await it.exchanges()).toMatchObject([{ state: 'TIMED_OUT', reason: 'cpo_silent, then ACCEPTED' }]);
    expect(it.scsp.callbacks(asked.responseUrl)).toEqual([]);
  });

  test('CP-63: of a set that took effect too late, the SCSP hears by the active profile', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { timeout: 20 } });
    await it.request('set');
    const { responseUrl } = it.lastForwarded();
    await it.clock.advance(25_000);
    await it.world.firstStep('outcome');
    await it.cpo.post(responseUrl, { result: 'ACCEPTED' });
    const told = it.scsp.nextPush(it.session);
    const active = {
      start_date_time: '2026-01-31T09:00:25Z',
      charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 10 }] },
    };
    expect((await it.cpo.pushActiveProfile(driverAtCpo.id, active)).http).toBe(200);
    expect(await it.until(told)).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
  });
});

describe.concurrent('a CPO that never answers', () => {
  test('how-a-request-runs §8: is given up after eight seconds, while the SCSP still waits; its result is kept, and not passed on', async () => {
    await using it = await openRelayed();
    it.cpo.behave({ chargingprofiles: { is: 'hang' } });
    const { answer, responseUrl } = await it.request('set');
    expect([answer.http, answer.envelope.status_code]).toEqual([200, 3000]);
    expect(await it.exchanges()).toMatchObject([{ state: 'UNCERTAIN', reason: 'timeout' }]);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await it.exchanges()).toMatchObject([{ state: 'CONFIRMED', reason: 'late', result: 'ACCEPTED' }]);
    expect(it.scsp.callbacks(responseUrl)).toEqual([]);
  });
});
