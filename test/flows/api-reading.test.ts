import { describe, expect, test } from 'vitest';
import { moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { type ApiClient, errorOf, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, stores } from '../world.ts';

/** All pages of a list. */
async function pages(system: ApiClient, path: string): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for (let next: unknown = ''; next !== undefined; ) {
    const { body }: { body: { items?: unknown; next?: unknown } } = await system.request(`GET ${path}${next === '' ? '' : `&before=${next}`}`);
    if (Array.isArray(body.items)) found.push(body.items);
    next = body.next;
  }
  return found;
}

describe.each(stores)('lists and views of the operator API (%s)', (store) => {
  test('SEC-26: sessions are listed newest first, in pages without gaps or repeats', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    for (let n = 1; n <= 7; n += 1) await cpo.put(remoteSession(`S${n}`, { status: n % 2 ? 'ACTIVE' : 'COMPLETED', last_updated: moment(n) }));
    const system = await openApiClient(world.node(), 'view');
    expect(await pages(system, 'sessions?limit=3')).toMatchObject([
      [{ session: { id: 'S7' } }, { session: { id: 'S6' } }, { session: { id: 'S5' } }],
      [{ session: { id: 'S4' } }, { session: { id: 'S3' } }, { session: { id: 'S2' } }],
      [{ session: { id: 'S1' } }],
    ]);
    expect(await pages(system, 'sessions?status=COMPLETED&limit=2')).toMatchObject([
      [{ session: { id: 'S6' } }, { session: { id: 'S4' } }],
      [{ session: { id: 'S2' } }],
    ]);
  });

  test('the history of a session holds events and requests in the order of time', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo({ faults: { sessions: { is: 'ocpi', code: 3000 } } }); // so that the node receives each session once
    await cpo.put(remoteSession('S1'));
    await cpo.put(remoteSession('OTHER'));
    const system = await openApiClient(world.node());
    const { body: set } = await system.request('PUT sessions/S1/charging-profile?wait=30', upTo(8));
    await cpo.patch('S1', { kwh: 2, last_updated: moment(60) });
    const { body } = await system.request('GET sessions/S1/history');
    const entries: { kind: string; at: string; session: string; data: { id?: unknown; exchange?: unknown } }[] = Object(body).items;
    expect(entries.map((it) => it.kind)).toEqual(['session', 'asked', 'exchange', 'session']);
    expect(entries.map((it) => it.at)).toEqual(entries.map((it) => it.at).toSorted());
    expect(new Set(entries.map((it) => it.session))).toEqual(new Set(['NL*CPO*S1']));
    expect([entries[1]?.data.id, entries[2]?.data.exchange]).toEqual([set.id, set.id]);
    expect(Object((await system.request('GET sessions/S1/history?limit=2')).body).items).toEqual(entries.slice(-2));
  });

  test('exchanges are found by session and by state', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    for (const id of ['S1', 'S2']) await cpo.put(remoteSession(id));
    const system = await openApiClient(world.node());
    await system.request('PUT sessions/S1/charging-profile?wait=30', upTo(8));
    await system.request('PUT sessions/S2/charging-profile?wait=30', upTo(8));
    cpo.answerProfiles({ DELETE: { answer: 'REJECTED' } });
    await system.request('DELETE sessions/S1/charging-profile?wait=30');
    const found = async (query: string) => (await pages(system, `exchanges?limit=1${query}`)).flat().map((it) => `${Object(it).kind} ${Object(it).session}`);
    expect(await found('')).toEqual(['clear NL*CPO*S1', 'set NL*CPO*S2', 'set NL*CPO*S1']);
    expect(await found('&session=s1')).toEqual(['clear NL*CPO*S1', 'set NL*CPO*S1']);
    expect(await found('&state=REFUSED')).toEqual(['clear NL*CPO*S1']);
    expect(await found('&session=S2&state=REFUSED')).toEqual([]);
  });

  test('SEC-25: no answer holds a token, password, card number or response_url', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const system = await openApiClient(world.node());
    using stream = await system.followEvents(0);
    const set = await emsp.set(session, upTo(10));
    await set.later;
    await system.request(`PUT sessions/${session}/charging-profile?wait=30&mode=replace`, upTo(8));
    await stream.firstEvent((it) => it.kind === 'exchange' && it.data.side === 'own');
    const lines = ['sessions', `sessions/${session}`, `sessions/${session}/history`, 'exchanges', 'peers', 'stations', 'locations'];
    const texts = await Promise.all(lines.map(async (line) => (await system.request(`GET ${line}`)).text));
    const all = [...texts, JSON.stringify(stream.events)].join('\n');
    const secrets = ['DEADBEEF', '0123456789abcdef', emsp.peer().token, new URL(set.responseUrl).pathname, system.key];
    for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
    expect(all).toContain('****BEEF');
    expect(all).toContain(`"response_url":"${new URL(set.responseUrl).origin}/***"`);
  });

  test('peers, stations and locations are listed with their current state', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    await world.station('CP-21');
    // the abilities of the charge point are known a little after its boot, and then pushed
    await emsp.location((it) => JSON.stringify(it.evses).includes('CHARGING_PROFILE_CAPABLE'));
    const system = await openApiClient(world.node(), 'view');
    expect((await system.request('GET peers')).body.items).toMatchObject([{ id: 'NL*MSP', status: 'REGISTERED', edition: '2.2.1' }]);
    expect((await system.request('GET stations')).body.items).toMatchObject([
      { id: 'CP-16', online: false },
      { id: 'CP-201', online: false },
      { id: 'CP-21', online: true, ocpp: '2.1', smart_charging: true, location_id: 'LOC1', evses: [{ uid: 'CP-21-1' }] },
    ]);
    const { items } = (await system.request('GET locations')).body;
    expect(items).toMatchObject([{ key: 'NL*EVK*LOC1', side: 'own', location: { evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }, { uid: 'CP-21-1' }] } }]);
  });
});

test('an unknown name is 404, and the message names it', async () => {
  await using world = await openWorld();
  const system = await openApiClient(world.node());
  for (const line of ['GET sessions/NONE', 'GET sessions/NL*EVK*NONE/history', 'GET exchanges/NONE', 'GET exchanges?session=NONE']) {
    const answer = await system.request(line);
    expect([line, answer.status, errorOf(answer).message]).toEqual([line, 404, expect.stringContaining('NONE"')]);
  }
});
