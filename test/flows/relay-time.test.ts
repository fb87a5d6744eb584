import { describe, expect, test } from 'vitest';
import { stores } from '../world.ts';
import { idsAtCpo, openRelayed } from './relay.fixture.ts';

describe.concurrent.each(stores)('a CPO that posts the result of a relayed request late (%s)', (store) => {
  test('CP-60, how-a-request-runs §8: a result in the last second of the timeout of the relay is still forwarded to the SCSP', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { timeout: 20 } });
    const sent = await it.request('set');
    expect(sent.answer.data).toEqual({ result: 'ACCEPTED', timeout: 25 });
    await it.clock.advance(24_000);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await sent.later).toEqual({ result: 'ACCEPTED' });
  });

  test('K13: after the timeout no result is forwarded; the node gets the active profile from the CPO, and accepts one late result', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { timeout: 20 } });
    const sent = await it.request('set');
    const { responseUrl } = it.lastForwarded();
    await it.clock.advance(24_999);
    expect(await it.exchanges()).toMatchObject([{ state: 'AWAITING' }]);
    const [outcome, got] = [it.world.nextStep('outcome'), it.world.nextStep('peer-answered', ({ kind }) => kind === 'get')];
    await it.clock.advance(1);
    expect(await outcome).toMatchObject({ kind: 'set', state: 'TIMED_OUT', reason: 'cpo_silent' });
    await got;
    expect(it.cpo.profileRequests.map(({ method, sessionId }) => [method, sessionId])).toEqual([
      ['PUT', idsAtCpo.id],
      ['GET', idsAtCpo.id],
    ]);
    const late = await it.cpo.post(responseUrl, { result: 'ACCEPTED' });
    expect([late.http, late.envelope.status_code]).toEqual([200, 1000]);
    expect(await it.exchanges()).toMatchObject([{ state: 'TIMED_OUT', reason: 'cpo_silent, then ACCEPTED' }]);
    expect((await it.cpo.post(responseUrl, { result: 'REJECTED' })).http).toBe(404);
    expect(await it.exchanges()).toMatchObject([{ state: 'TIMED_OUT', reason: 'cpo_silent, then ACCEPTED' }]);
    expect(it.scsp.callbacks(sent.responseUrl)).toEqual([]);
  });

  test('CP-63: the SCSP receives the active profile after a set that was applied too late', async () => {
    await using it = await openRelayed({ store });
    it.cpo.answerProfiles({ PUT: { timeout: 20 } });
    await it.request('set');
    const { responseUrl } = it.lastForwarded();
    const outcome = it.world.nextStep('outcome');
    await it.clock.advance(25_000);
    await outcome;
    await it.cpo.post(responseUrl, { result: 'ACCEPTED' });
    const pushed = it.scsp.nextPush(it.session);
    const active = {
      start_date_time: '2026-01-31T09:00:25Z',
      charging_profile: { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 10 }] },
    };
    expect((await it.cpo.pushActiveProfile(idsAtCpo.id, active)).http).toBe(200);
    expect(await it.until(pushed)).toMatchObject({ charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] } });
  });
});

describe.concurrent('a CPO that never answers', () => {
  test('how-a-request-runs §8: the SCSP gets an error after eight seconds; a later result is stored, and not forwarded', async () => {
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
