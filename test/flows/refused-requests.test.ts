import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { MOST_REFUSED } from '../../src/store/sql/refused-request.ts';
import { letNodesWork, letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { profilesUrl, upTo } from '../profile-requests.ts';
import { openWorld, type StoreKind, stores } from '../world.ts';

type Exchange = Record<string, unknown> & { id: string };

async function openCharging(store: StoreKind) {
  await using stack = new AsyncDisposableStack();
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  const world = stack.use(await openWorld({ store, clock }));
  const emsp = await world.emsp();
  const station = await world.station('CP-201');
  const url = world.node().publicUrl;
  const until = <T>(event: Promise<T>) => letTimePass(clock, event, url);
  const session = await until(world.charging(emsp, station));
  const api = await openApiClient(world.node());
  const list = async (query = ''): Promise<Exchange[]> => {
    await letNodesWork(url);
    const { items } = (await api.request(`GET exchanges${query}`)).body;
    return items as Exchange[];
  };
  const resources = stack.move();
  return { world, clock, emsp, station, session, api, until, list, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

describe.each(stores)('refused requests are on record at the CPO (%s)', (store) => {
  test('CON-D06: a refused request is in the list with its answer and its status_message, and its X-Request-ID may be used again', async () => {
    await using it = await openCharging(store);
    await it.station.unplug(1);
    await it.until(it.emsp.session(({ status }) => status === 'COMPLETED'));
    const { answer } = await it.emsp.set(it.session, upTo(10));
    expect(answer.data).toMatchObject({ result: 'REJECTED' });
    const [refused, ...others] = await it.list();
    expect(others).toEqual([]);
    const says = 'the session is COMPLETED, only an ACTIVE one takes charging profiles';
    expect(refused).toMatchObject({
      ...{ side: 'carried', kind: 'set', peer: 'NL*MSP', station: 'CP-201', state: 'REFUSED', open: false, refused_here: true },
      ...{ answer: 'REJECTED', outcome: 'REJECTED', result: 'REJECTED', status_message: says, reason: says },
    });
    const { messages } = (await it.api.request(`GET exchanges/${refused?.id}/messages`)).body as { messages: Record<string, unknown>[] };
    expect(messages.map(({ step, word }) => [step, word])).toEqual([
      ['request', undefined],
      ['answer', 'REJECTED'],
      ['end', 'REFUSED'],
    ]);
    expect(messages[1]?.body).toMatchObject({ result: 'REJECTED', message: says });
    // the same request once more is decided anew, as before
    const again = await it.emsp.send({
      method: 'PUT',
      url: profilesUrl(it.emsp, it.session),
      body: { charging_profile: upTo(10), response_url: `${it.emsp.versionsUrl}/callback` },
      headers: { 'x-request-id': String(refused?.request_id) },
    });
    expect(again.envelope).toMatchObject({ status_code: 1000, data: { result: 'REJECTED' } });
    expect(await it.list()).toHaveLength(2);
  });

  test('CON-D07: the outcome filter selects what the badges say, and the station filter one charge point', async () => {
    await using it = await openCharging(store);
    await it.until((await it.emsp.set(it.session, upTo(16))).later);
    it.station.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Rejected' } } } });
    await it.until((await it.emsp.set(it.session, upTo(10))).later);
    await it.emsp.set('NO-SUCH-SESSION', upTo(10));
    const all = await it.list();
    expect(all.map(({ outcome }) => outcome)).toEqual(['UNKNOWN_SESSION', 'REJECTED', 'ACCEPTED']);
    for (const outcome of ['OPEN', 'ACCEPTED', 'REJECTED', 'UNKNOWN_SESSION', 'TOO_OFTEN', 'UNCERTAIN', 'CANCELLED'])
      expect([outcome, await it.list(`?outcome=${outcome}`)]).toEqual([outcome, all.filter((one) => one.outcome === outcome)]);
    expect(await it.list('?station=CP-201')).toEqual(all.filter(({ station }) => station === 'CP-201'));
    expect(await it.list('?station=CP-201&outcome=REJECTED')).toHaveLength(1);
    expect(await it.list('?station=CP-16')).toEqual([]);
    expect(all[0]).toMatchObject({ session: 'NO-SUCH-SESSION', answer: 'UNKNOWN_SESSION', refused_here: true });
  });

  test('CON-D06: a hostile peer cannot fill the store with refusals, and who is not authenticated leaves none', async () => {
    await using it = await openCharging(store);
    const ask = () => it.emsp.set('NO-SUCH-SESSION', upTo(10));
    for (let n = 0; n < 70; n += 1) await ask();
    expect(await it.list('?limit=1000')).toHaveLength(60);
    await it.clock.advance(10_000);
    await ask();
    await ask();
    expect(await it.list('?limit=1000')).toHaveLength(61);
    expect(MOST_REFUSED).toBe(500);
    const stranger = await fetch(profilesUrl(it.emsp, it.session), { method: 'DELETE', headers: { authorization: 'Token bm9ib2R5' } });
    expect(stranger.status).toBe(401);
    expect(await it.list('?limit=1000')).toHaveLength(61);
  });
});
