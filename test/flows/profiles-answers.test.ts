import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { profilesUrl, resultPosts, upTo } from '../profile-requests.ts';
import { badge, openWorld, type StoreKind, stores } from '../world.ts';

const url = 'http://127.0.0.1:1/never';

async function openCharging(store: StoreKind) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ store }));
  const emsp = await world.emsp();
  const station = await world.station('CP-201');
  const session = await world.charging(emsp, station);
  const resources = stack.move();
  return { world, emsp, station, session, at: profilesUrl(emsp, session), [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

describe.each(stores)('the immediate answers of a CPO node (%s)', (store) => {
  test('CP-01: POST and PATCH are 405, and Allow names the other methods', async () => {
    await using it = await openCharging(store);
    for (const method of ['POST', 'PATCH']) {
      const answer = await it.emsp.send({ method, url: it.at, body: { charging_profile: upTo(10), response_url: url } });
      expect([answer.http, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([405, ['DELETE', 'GET', 'PUT']]);
    }
  });

  test('CP-02, CP-03, CP-04, CP-31, CP-37: a missing or invalid value is 2001, and nothing is sent to the charge point', async () => {
    await using it = await openCharging(store);
    const own = `${it.emsp.versionsUrl}/callback`;
    const gets = ['', '&duration=0', '&duration=-1', '&duration=1.5', '&duration=1000000000000', '&duration=abc', '&duration='].map(
      (it) => `?response_url=${own}${it}`,
    );
    const requests = [
      ...[...gets, '?duration=900', '?duration=900&response_url=', '?duration=900&response_url=relative/path'].map((query) => ({
        method: 'GET',
        url: it.at + query,
      })),
      ...['', '?response_url=', '?response_url=%zz'].map((query) => ({ method: 'DELETE', url: it.at + query })),
      ...[
        { response_url: own },
        { charging_profile: upTo(10) },
        { charging_profile: { ...upTo(10), charging_rate_unit: 'kW' }, response_url: own },
        { charging_profile: { charging_profile_period: [{ start_period: 0, limit: 10 }] }, response_url: own },
        { charging_profile: upTo(-1), response_url: own },
        { charging_profile: upTo(10, { duration: -5 }), response_url: own },
        { charging_profile: upTo(10, { start_date_time: 'tomorrow' }), response_url: own },
        { charging_profile: upTo(10, { charging_profile_period: [] }), response_url: own },
        { charging_profile: { charging_rate_unit: 'A' }, response_url: own },
        { charging_profile: upTo(10, { charging_profile_period: [{ start_period: 5, limit: 10 }] }), response_url: own },
        { charging_profile: upTo(10, { charging_profile_period: [0, 60, 60].map((start_period) => ({ start_period, limit: 10 })) }), response_url: own },
        { charging_profile: upTo(10, { charging_profile_period: [0, 60, 30].map((start_period) => ({ start_period, limit: 10 })) }), response_url: own },
      ].map((body) => ({ method: 'PUT', url: it.at, body })),
    ];
    for (const request of requests) {
      const { http, envelope } = await it.emsp.send(request);
      expect({ ...request, http, code: envelope.status_code, data: envelope.data }).toEqual({ ...request, http: 200, code: 2001, data: undefined });
    }
    // the next valid request is accepted, and is the first that reaches the charge point
    const { later } = await it.emsp.set(it.session, upTo(10));
    expect(await later).toEqual({ result: 'ACCEPTED' });
    expect(it.station.received('SetChargingProfile')).toHaveLength(1);
    expect(it.station.received('ClearChargingProfile')).toHaveLength(0);
    expect(it.station.received('GetCompositeSchedule').filter((sent) => sent.duration === 900)).toHaveLength(0);
  });

  test('SEC-20: a profile beyond the limits is 2001 and is not sent to the charge point; one at the limits is accepted', async () => {
    await using it = await openCharging(store);
    const [week, most] = [604_800, 2_000_000];
    const beyond = [
      upTo(most + 1),
      upTo(10, { duration: week + 1 }),
      upTo(10, { charging_profile_period: [0, week + 1].map((start_period) => ({ start_period, limit: 10 })) }),
      upTo(10, { min_charging_rate: most + 1 }),
      upTo(10, { duration: 2 ** 53 }),
    ];
    for (const profile of beyond) {
      const { answer } = await it.emsp.set(it.session, profile);
      expect([answer.http, answer.envelope.status_code, answer.data]).toEqual([200, 2001, undefined]);
    }
    expect(it.station.received('SetChargingProfile')).toEqual([]);
    expect(await (await it.emsp.set(it.session, upTo(most, { duration: week }))).later).toEqual({ result: 'ACCEPTED' });
  });

  test('CP-12: a response_url of another origin is 2001, and nothing is accepted', async () => {
    await using it = await openCharging(store);
    for (const forbidden of ['https://example.com/x', 'http://127.0.0.1:9/x', 'http://169.254.169.254/latest', 'http://user:pw@127.0.0.1/x']) {
      const { answer } = await it.emsp.set(it.session, upTo(10), { responseUrl: forbidden });
      expect([answer.http, answer.envelope.status_code, answer.data]).toEqual([200, 2001, undefined]);
    }
    expect(it.world.steps.filter(({ step }) => step === 'request-answered')).toEqual([]);
    expect(it.station.received('SetChargingProfile')).toEqual([]);
  });

  test('CP-07, CP-08, SEC-15: the answer for a session of another party is byte for byte the answer for an unknown session', async () => {
    await using it = await openCharging(store);
    const other = await it.world.emsp({ party: { country_code: 'NL', party_id: 'TNM' } });
    const comparable = ({ http, text, headers }: { http: number; text: string; headers: Headers }) => ({
      http,
      text: text.replace(/"timestamp":"[^"]*"/, ''),
      headers: [...headers].filter(([name]) => !['date', 'x-request-id', 'x-correlation-id'].includes(name)),
    });
    for (const sendFor of [(id: string) => other.set(id, upTo(6)), (id: string) => other.get(id, 900), (id: string) => other.clear(id)]) {
      const [ofOtherParty, unknown] = [await sendFor(it.session), await sendFor('00000000-0000-4000-8000-000000000000')];
      expect(ofOtherParty.answer.data).toMatchObject({ result: 'UNKNOWN_SESSION' });
      expect(comparable(ofOtherParty.answer)).toEqual(comparable(unknown.answer));
    }
    expect(it.station.received('SetChargingProfile')).toEqual([]);
    expect(await other.pullSessions()).toEqual([]);
  });

  test('CP-35: a session id is compared without case', async () => {
    await using it = await openCharging(store);
    expect((await it.emsp.set(it.session.toUpperCase(), upTo(10))).result).toBe('ACCEPTED');
  });

  test('CP-34: only a running session accepts profiles', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const [pending, invalid] = [await world.station('CP-201'), await world.station('CP-21')];
    const statusOf = async (status: string, evse: string) => String((await emsp.session((it) => it.status === status && it.evse_uid === evse)).id);

    await world.node().reserve({ evseUid: 'CP-16-1', tokenUid: badge.uid });
    const reservation = await statusOf('RESERVATION', 'CP-16-1');
    expect(['UNKNOWN_SESSION', 'REJECTED']).toContain((await emsp.set(reservation, upTo(10))).result);

    await pending.presentCard(1, badge);
    const waiting = await statusOf('PENDING', 'CP-201-1');
    expect((await emsp.set(waiting, upTo(10))).result).toBe('REJECTED');

    await invalid.presentCard(1, badge);
    await statusOf('PENDING', 'CP-21-1');
    await invalid.stop(1);
    expect((await emsp.clear(await statusOf('INVALID', 'CP-21-1'))).result).toBe('REJECTED');

    await pending.stop(1);
    const running = await world.charging(emsp, pending);
    await pending.unplug(1);
    await emsp.session((it) => it.id === running && it.status === 'COMPLETED');
    expect((await emsp.get(running, 900)).result).toBe('REJECTED');
    for (const station of [pending, invalid]) expect(station.received('SetChargingProfile')).toEqual([]);
  });

  test('CP-06: while the charge point is disconnected, nothing is ACCEPTED', async () => {
    await using it = await openCharging(store);
    it.station.drop();
    await it.world.firstStep('station-disconnected');
    for (const sent of [await it.emsp.set(it.session, upTo(10)), await it.emsp.get(it.session, 60), await it.emsp.clear(it.session)])
      expect(sent.result).toBe('REJECTED');
  });

  test('CP-10: after a charge point answered that it has no smart charging, the answer is NOT_SUPPORTED', async () => {
    await using it = await openCharging(store);
    it.station.behave({ answers: { SetChargingProfile: { is: 'call-error', code: 'NotSupported' } } });
    const first = await it.emsp.set(it.session, upTo(10));
    expect([first.result, await first.later]).toEqual(['ACCEPTED', { result: 'REJECTED' }]);
    expect((await it.emsp.set(it.session, upTo(10))).result).toBe('NOT_SUPPORTED');
    expect((await it.emsp.get(it.session, 60)).result).toBe('NOT_SUPPORTED');
    expect(it.station.received('SetChargingProfile')).toHaveLength(1);
  });

  test('CP-10: a charge point without GetCompositeSchedule still accepts profiles', async () => {
    await using it = await openCharging(store);
    it.station.behave({ answers: { GetCompositeSchedule: { is: 'call-error', code: 'NotImplemented' } } });
    const get = await it.emsp.get(it.session, 60);
    expect([get.result, await get.later]).toMatchObject([
      'ACCEPTED',
      { result: 'ACCEPTED', profile: { charging_profile: { charging_profile_period: [{ limit: 32 }] } } },
    ]);
    const set = await it.emsp.set(it.session, upTo(10));
    expect([set.result, await set.later]).toEqual(['ACCEPTED', { result: 'ACCEPTED' }]);
  });

  test('CP-05, CP-09, CP-11, CP-16: each of the five answers has a timeout, and only ACCEPTED is followed by a result', async () => {
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
    await using world = await openWorld({ store, clock });
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const lacking = await world.station('CP-16', { lacksSmartCharging: 'NotSupported' });
    const [session, unable] = [await world.charging(emsp, station), await world.charging(emsp, lacking)];

    const accepted = await emsp.set(session, upTo(10));
    await accepted.later;
    const first = await emsp.set(unable, upTo(6));
    if (first.result === 'ACCEPTED') await first.later; // its abilities were not known before; now they are
    const unsupported = await emsp.set(unable, upTo(6));
    station.behave({ answers: { GetCompositeSchedule: { is: 'never' } } });
    const arrives = station.next('GetCompositeSchedule');
    const silent = await emsp.get(session, 60);
    await arrives;
    const waiting = await emsp.get(session, 60);
    const often = await emsp.get(session, 60);
    const unknown = await emsp.get('nowhere', 60);
    await station.unplug(1);
    await emsp.session((it) => it.id === session && it.status === 'COMPLETED');
    expect(await waiting.later).toEqual({ result: 'REJECTED' });
    const rejected = await emsp.set(session, upTo(10));

    const refused = { TOO_OFTEN: often, UNKNOWN_SESSION: unknown, REJECTED: rejected, NOT_SUPPORTED: unsupported };
    for (const [result, { answer }] of Object.entries(refused))
      expect([answer.http, answer.envelope.status_code, answer.data]).toEqual([200, 1000, { result, timeout: 30 }]);
    expect(accepted.answer.data).toEqual({ result: 'ACCEPTED', timeout: 30 });

    await clock.advance(60_000);
    const next = await world.charging(emsp, station);
    await (await emsp.set(next, upTo(9))).later;
    for (const { responseUrl } of [...Object.values(refused), silent]) expect(emsp.callbacks(responseUrl)).toEqual([]);
    for (const { responseUrl } of [accepted, waiting]) expect(resultPosts(emsp).filter((it) => it.url === responseUrl)).toHaveLength(1);
  });
});
