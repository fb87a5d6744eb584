import { describe, expect, test } from 'vitest';
import { profilesUrl, resultUrl, upTo } from '../profile-requests.ts';
import { stores } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

/** The limits that were sent to the charge point, in order. */
const limitsSent = ({ station }: Steered): unknown[] =>
  station.received('SetChargingProfile').map((sent) => JSON.stringify(sent).match(/"limit":([\d.]+)/)?.[1]);
/** The charge point takes this long to answer a set. */
const slow = { answers: { SetChargingProfile: [{ is: 'late', milliseconds: 1_000 }] } } as const;

describe.each(stores)('several requests for one session (%s)', (store) => {
  test('CP-03: a waiting set is superseded by a newer one, and its result goes to its own response_url; a set under way is completed', async () => {
    await using it = await openSteered(store, slow);
    const arrives = it.station.next('SetChargingProfile');
    const first = await it.emsp.set(it.session, upTo(6));
    await arrives;
    const second = await it.emsp.set(it.session, upTo(8));
    const third = await it.emsp.set(it.session, upTo(10));
    expect([first.result, second.result, third.result]).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);

    expect(await second.later).toEqual({ result: 'REJECTED' });
    expect(await it.firstOutcome({ reason: 'superseded' })).toMatchObject({ kind: 'set', state: 'DELIVERED', result: 'REJECTED' });
    expect(limitsSent(it)).toEqual(['6']);
    await it.clock.advance(1_000);
    expect(await first.later).toEqual({ result: 'ACCEPTED' });
    expect(await third.later).toEqual({ result: 'ACCEPTED' });
    expect(limitsSent(it)).toEqual(['6', '10']);
    for (const { responseUrl } of [first, second, third]) expect(it.emsp.callbacks(responseUrl)).toHaveLength(1);
  });

  test('CP-04: a waiting set is superseded by a clear, which is executed in its turn', async () => {
    await using it = await openSteered(store, slow);
    const arrives = it.station.next('SetChargingProfile');
    const first = await it.emsp.set(it.session, upTo(6));
    await arrives;
    const second = await it.emsp.set(it.session, upTo(8));
    const clear = await it.emsp.clear(it.session);
    expect(await second.later).toEqual({ result: 'REJECTED' });
    await it.clock.advance(1_000);
    expect([await first.later, await clear.later]).toEqual([{ result: 'ACCEPTED' }, { result: 'ACCEPTED' }]);
    expect(limitsSent(it)).toEqual(['6']);
    expect(it.station.installed()).toEqual([]);
  });

  test('CP-13, CP-14: a get behind a set returns the profile of that set; each method has its own kind of result', async () => {
    await using it = await openSteered(store, slow);
    const arrives = it.station.next('SetChargingProfile');
    const set = await it.emsp.set(it.session, upTo(7));
    await arrives;
    const get = await it.emsp.get(it.session, 300);
    const clear = await it.emsp.clear(it.session);
    await it.clock.advance(1_000);
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    expect(await clear.later).toEqual({ result: 'ACCEPTED' });
    expect(await get.later).toEqual({
      result: 'ACCEPTED',
      profile: {
        start_date_time: '2026-01-31T09:00:01Z',
        charging_profile: {
          start_date_time: '2026-01-31T09:00:01Z',
          duration: 300,
          charging_rate_unit: 'A',
          charging_profile_period: [{ start_period: 0, limit: 7 }],
        },
      },
    });
  });

  test('CP-11, SEC-13: a repeated request is executed once, and gets the same answer', async () => {
    await using it = await openSteered(store, slow);
    const response_url = resultUrl(it.emsp, 'twice');
    const request = {
      method: 'PUT',
      url: profilesUrl(it.emsp, it.session),
      body: { charging_profile: upTo(6), response_url },
      headers: { 'X-Request-ID': 'r1' },
    };
    const arrives = it.station.next('SetChargingProfile');
    const twice = [await it.emsp.send(request), await it.emsp.send(request)];
    await arrives;
    await it.clock.advance(1_000);
    await it.firstOutcome({ state: 'DELIVERED' });
    const afterwards = await it.emsp.send(request);
    for (const { http, data } of [...twice, afterwards]) expect([http, data]).toEqual([200, { result: 'ACCEPTED', timeout: 30 }]);

    // every earlier message to the charge point or to the eMSP would have been sent before this one
    const next = await it.emsp.set(it.session, upTo(9));
    await next.later;
    expect(limitsSent(it)).toEqual(['6', '9']);
    expect(it.emsp.callbacks(response_url)).toHaveLength(1);
  });

  test('SEC-13: a different request with the same X-Request-ID is 2001 and changes nothing; another party may use the same id', async () => {
    await using it = await openSteered(store);
    const headers = { 'X-Request-ID': 'r1' };
    const url = profilesUrl(it.emsp, it.session);
    const response_url = resultUrl(it.emsp, 'x');
    await it.emsp.send({ method: 'PUT', url, body: { charging_profile: upTo(6), response_url }, headers });
    await it.firstOutcome({ state: 'DELIVERED' });
    for (const other of [
      { method: 'PUT', url, body: { charging_profile: upTo(7), response_url } },
      { method: 'PUT', url, body: { charging_profile: upTo(6), response_url: `${response_url}2` } },
      { method: 'DELETE', url: `${url}?response_url=${encodeURIComponent(response_url)}` },
    ])
      expect((await it.emsp.send({ ...other, headers })).envelope).toMatchObject({
        status_code: 2001,
        status_message: expect.stringContaining('X-Request-ID'),
      });
    expect(limitsSent(it)).toEqual(['6']);

    const tnm = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    expect((await tnm.send({ method: 'PUT', url, body: { charging_profile: upTo(6), response_url: tnm.versionsUrl }, headers })).data).toMatchObject({
      result: 'UNKNOWN_SESSION',
    });
  });

  test('CP-03: the same profile with a new X-Request-ID is sent to the charge point again, because its sender may want to repair it', async () => {
    await using it = await openSteered(store);
    for (let n = 0; n < 2; n++) expect(await (await it.emsp.set(it.session, upTo(6))).later).toEqual({ result: 'ACCEPTED' });
    expect(limitsSent(it)).toEqual(['6', '6']);
    expect(it.station.installed()).toHaveLength(1);
  });
});

describe.each(stores)('a session that ends (%s)', (store) => {
  test('CP-34, CP-15: waiting requests get REJECTED, and a request under way gets its real result', async () => {
    await using it = await openSteered(store, slow);
    const arrives = it.station.next('SetChargingProfile');
    const sent = await it.emsp.set(it.session, upTo(6));
    await arrives;
    const [waiting, get] = [await it.emsp.set(it.session, upTo(8)), await it.emsp.get(it.session, 60)];
    await it.station.unplug(1);
    expect([await waiting.later, await get.later]).toEqual([{ result: 'REJECTED' }, { result: 'REJECTED' }]);
    expect(await it.firstOutcome({ kind: 'get' })).toMatchObject({ state: 'DELIVERED', reason: 'session_ended' });
    await it.clock.advance(1_000);
    expect(await sent.later).toEqual({ result: 'ACCEPTED' });
    expect(limitsSent(it)).toEqual(['6']);
  });

  test('CP-15: a waiting clear gets UNKNOWN, because nothing is left to clear', async () => {
    await using it = await openSteered(store, slow);
    const arrives = it.station.next('SetChargingProfile');
    const sent = await it.emsp.set(it.session, upTo(6));
    await arrives;
    const clear = await it.emsp.clear(it.session);
    await it.station.unplug(1);
    expect(await clear.later).toEqual({ result: 'UNKNOWN' });
    await it.clock.advance(1_000);
    await sent.later;
    expect(it.station.received('ClearChargingProfile')).toEqual([]);
  });

  test('CP-18, CP-20: no active profile is pushed after its end, although the set was accepted', async () => {
    await using it = await openSteered(store, slow);
    const arrives = it.station.next('SetChargingProfile');
    const sent = await it.emsp.set(it.session, upTo(6));
    await arrives;
    await it.station.unplug(1);
    await it.emsp.session(({ status }) => status === 'COMPLETED');
    await it.clock.advance(1_000);
    expect(await sent.later).toEqual({ result: 'ACCEPTED' });
    await it.clock.advance(30_000);
    // another session gets its push; nothing is pushed for the one that ended
    const next = await it.world.charging(it.emsp, it.station);
    await (await it.emsp.set(next, upTo(9))).later;
    await it.until(it.emsp.nextPush(next));
    expect(it.emsp.pushed.map(({ sessionId }) => sessionId)).not.toContain(it.session);
  });

  test('CP-18: no active profile is pushed when it ends before the charge point answers GetCompositeSchedule', async () => {
    await using it = await openSteered(store);
    await (await it.emsp.set(it.session, upTo(6))).later;
    it.station.behave({ answers: { GetCompositeSchedule: [{ is: 'late', milliseconds: 5_000 }] } });
    await it.until(it.station.next('GetCompositeSchedule'));
    await it.station.unplug(1);
    await it.emsp.session(({ status }) => status === 'COMPLETED');
    await it.clock.advance(5_000);
    const next = await it.world.charging(it.emsp, it.station);
    await (await it.emsp.set(next, upTo(9))).later;
    await it.until(it.emsp.nextPush(next));
    expect(it.emsp.pushed.map(({ sessionId }) => sessionId)).not.toContain(it.session);
  });
});
