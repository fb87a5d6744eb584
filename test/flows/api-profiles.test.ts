import { describe, expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { errorOf, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, type StationName, stationVersions, stores } from '../world.ts';

const put = (session: string, query = '?wait=30') => `PUT sessions/${session}/charging-profile${query}`;
const names = Object.keys(stationVersions) as StationName[];

describe.each(stores)('the operator of an eMSP sets profiles for a session at a remote CPO (%s)', (store) => {
  test('CP-40: set, get and clear are sent, and the same answer holds the outcome', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo({ profileAnswers: { GET: { later: { result: 'ACCEPTED', profile: active(8) } } } });
    await cpo.put(remoteSession('S1'));
    const system = await openApiClient(world.node());

    const set = await system.request(put('NL*CPO*S1'), { limit: 8, unit: 'A', for: 900 });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ kind: 'set', side: 'sent', session: 'NL*CPO*S1', peer: 'NL*CPO', state: 'CONFIRMED', open: false, outcome: 'ACCEPTED' });
    expect(cpo.profileRequests.at(-1)).toMatchObject({
      method: 'PUT',
      sessionId: 'S1',
      body: { charging_profile: { duration: 900, charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] } },
    });

    const got = await system.request('GET sessions/s1/active-charging-profile?duration=600&wait=30');
    expect(got.status).toBe(200);
    expect(got.body).toMatchObject({ kind: 'get', duration: 600, outcome: 'ACCEPTED', active_charging_profile: active(8) });
    expect(cpo.profileRequests.at(-1)).toMatchObject({ method: 'GET', duration: '600' });

    const cleared = await system.request('DELETE sessions/S1/charging-profile?wait=30');
    expect(cleared.body).toMatchObject({ kind: 'clear', outcome: 'ACCEPTED' });
    expect(cpo.profileRequests.map((it) => it.method)).toEqual(['PUT', 'GET', 'DELETE']);
  });

  test('CP-41: the immediate answer of the CPO is the outcome', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo({ profileAnswers: { PUT: { answer: 'TOO_OFTEN' } } });
    await cpo.put(remoteSession('S1'));
    const system = await openApiClient(world.node());
    const refused = await system.request(put('S1'), upTo(8));
    expect([refused.status, errorOf(refused).code]).toEqual([429, 'TOO_OFTEN']);
  });

  test('F-73: 200 only with an outcome to read: a refusal that comes in time has its own status and reason, with the exchange', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(remoteSession('S1'));
    const system = await openApiClient(world.node());
    const cases = [
      [{ answer: 'REJECTED', says: 'the site is full' }, 409, 'the site is full'],
      [{ answer: 'NOT_SUPPORTED' }, 409, 'NL*CPO answered NOT_SUPPORTED'],
      [{ answer: 'TOO_OFTEN', says: 'the next in 12 s' }, 429, 'the next in 12 s'],
      [{ answer: 'UNKNOWN_SESSION' }, 404, 'NL*CPO answered UNKNOWN_SESSION'],
      [{ answer: 'ACCEPTED', later: { result: 'REJECTED' } }, 409, 'result'],
    ] as const;
    for (const [answer, status, message] of cases) {
      cpo.answerProfiles({ PUT: { says: undefined, ...answer } });
      const refused = await system.request(put('S1'), upTo(8));
      const code = 'later' in answer ? 'REJECTED' : answer.answer;
      expect([refused.status, errorOf(refused)]).toEqual([status, { code, message, exchange: expect.objectContaining({ open: false, outcome: code }) }]);
      expect(refused.headers.get('retry-after')).toBe(status === 429 ? '12' : null);
    }
    cpo.answerProfiles({ PUT: { answer: 'ACCEPTED', says: undefined, later: { result: 'UNKNOWN' } }, DELETE: { answer: 'REJECTED' } });
    expect((await system.request(put('S1'), upTo(8))).status).toBe(200);
    expect((await system.request('DELETE sessions/S1/charging-profile?wait=30')).status).toBe(409);
    expect((await system.request('GET sessions/S1/active-charging-profile?wait=30')).status).toBe(409);
    const at = ['--url', world.node().publicUrl, '--key', system.key];
    cpo.answerProfiles({ PUT: { answer: 'TOO_OFTEN', says: 'the next in 12 s' } });
    const set = await runCommand('set', 'S1', '--limit', '8A', '--wait', '--json', ...at);
    expect([set.code, JSON.parse(set.stdout).outcome, set.stderr]).toEqual([
      1,
      'TOO_OFTEN',
      'evenkeel: 8 A on session S1 at E1 (NL*CPO*S1): TOO_OFTEN (the next in 12 s)\n',
    ]);
  });

  test('F-73: a request that did not arrive is refused, and it is not said that it may be in force', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(remoteSession('S1'));
    const system = await openApiClient(world.node());
    cpo.behave({ chargingprofiles: { is: 'ocpi', code: 2003, http: 200 } });
    const refused = await system.request(put('S1'), upTo(8));
    expect([refused.status, errorOf(refused).code, errorOf(refused).message]).toEqual([409, 'REJECTED', 'ocpi_2xxx']);
  });

  test('without wait, and while there is no result, the answer is 202 with the open exchange, which can be read later', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    cpo.answerProfiles({ PUT: { after: 10 * 60_000 } });
    await cpo.put(remoteSession('S1'));
    const system = await openApiClient(world.node());
    const open = await system.request(put('S1', ''), { limit: 8, unit: 'A' });
    expect([open.status, open.body.open, open.body.outcome]).toEqual([202, true, undefined]);
    const waited = await system.request(put('S1', '?wait=1'), { limit: 9, unit: 'A' });
    expect([waited.status, waited.body.state]).toEqual([202, 'AWAITING']);
    const { responseUrl } = cpo.profileRequests[1] ?? { responseUrl: '' };
    await cpo.post(responseUrl, { result: 'REJECTED' });
    expect((await system.request(`GET exchanges/${waited.body.id}`)).body).toMatchObject({ open: false, outcome: 'REJECTED' });
  });

  test.each(['PENDING', 'RESERVATION'])('F-53, CP-34: its CPO is not asked about a session that is %s', async (status) => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(remoteSession('S1', { status }));
    const system = await openApiClient(world.node());
    for (const line of ['GET sessions/S1/active-charging-profile', 'DELETE sessions/S1/charging-profile'])
      expect([line, (await system.request(line)).status]).toEqual([line, 409]);
    const refused = await system.request(put('S1', ''), { limit: 8, unit: 'A' });
    expect([refused.status, errorOf(refused)]).toMatchObject([
      409,
      { code: 'REJECTED', message: `the session is ${status}: only an ACTIVE session takes charging profiles` },
    ]);
    expect(cpo.profileRequests).toEqual([]);
  });

  test('SEC-15: a session of a party that the node does not act for is 404', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    const { cdr_token } = remoteSession('S1');
    await cpo.put(remoteSession('THEIRS', { cdr_token: { ...cdr_token, party_id: 'XXX' } }));
    await cpo.put(remoteSession('OURS'));
    const system = await openApiClient(world.node());
    const { body } = await system.request('GET sessions');
    expect(body.items).toMatchObject([{ key: 'NL*CPO*OURS' }]);
    for (const line of ['GET sessions/THEIRS', 'GET sessions/NL*CPO*THEIRS/history', 'DELETE sessions/THEIRS/charging-profile', 'GET exchanges?session=THEIRS'])
      expect([line, (await system.request(line)).status]).toEqual([line, 404]);
    expect((await system.request(put('THEIRS'), upTo(8))).status).toBe(404);
    expect(cpo.profileRequests).toEqual([]);
  });

  test('a bare id is enough while one session has it; otherwise the refusal names all of them', async () => {
    await using world = await openEmspWorld({ store });
    const one = await world.cpo();
    const other = await world.cpo({ party: { country_code: 'NL', party_id: 'TWO' } });
    await one.put(remoteSession('Same'));
    const system = await openApiClient(world.node());
    expect((await system.request('GET sessions/sAME')).body).toMatchObject({ key: 'NL*CPO*SAME', side: 'foreign', session: { id: 'Same' } });
    await other.put(remoteSession('Same', { party_id: 'TWO' }));
    const refused = await system.request(put('same'), upTo(8));
    expect([refused.status, errorOf(refused)]).toMatchObject([409, { code: 'AMBIGUOUS', field: 'session', allowed: 'NL*CPO*SAME, NL*TWO*SAME' }]);
    expect((await system.request(put('nl*two*same'), upTo(8))).body).toMatchObject({ session: 'NL*TWO*SAME', outcome: 'ACCEPTED' });
  });

  test('nothing is sent to a CPO that is not registered any more, or for a session that has ended', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    await cpo.put(remoteSession('S1'));
    await cpo.put(remoteSession('S2', { status: 'COMPLETED' }));
    const system = await openApiClient(world.node());
    const ended = await system.request(put('S2'), upTo(8));
    expect([ended.status, errorOf(ended)]).toMatchObject([409, { code: 'REJECTED', message: expect.stringContaining('COMPLETED') }]);
    await cpo.unregister();
    const unregistered = await system.request(put('S1'), upTo(8));
    expect([unregistered.status, errorOf(unregistered).code]).toEqual([409, 'NOT_CONNECTED']);
    expect(cpo.profileRequests).toEqual([]);
  });
});

describe.each(stores)('the operator of a CPO sets profiles for a session at its own charge point (%s)', (store) => {
  test.each(names)('CP-26: set, get and clear reach %s, also after another party has set a profile', async (name) => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const station = await world.station(name);
    const session = await world.charging(emsp, station);
    await (await emsp.set(session, upTo(20))).later;
    const system = await openApiClient(world.node());

    const set = await system.request(put(session, '?wait=30&mode=replace'), { limit: 8, unit: 'A' });
    expect([set.status, set.body]).toMatchObject([200, { side: 'own', station: name, outcome: 'ACCEPTED', open: false }]);
    expect(station.installed()).toHaveLength(1);
    const got = await system.request(`GET sessions/${session}/active-charging-profile?wait=30`);
    expect(got.body).toMatchObject({ outcome: 'ACCEPTED', active_charging_profile: { charging_profile: upTo(8) } });
    const cleared = await system.request(`DELETE sessions/${session}/charging-profile?wait=30`);
    expect(cleared.body).toMatchObject({ outcome: 'ACCEPTED' });
    expect(station.installed()).toHaveLength(0);
  });

  test('a limit with a duration counts from now, not from the start of the session', async () => {
    await using world = await openWorld({ store });
    const session = await world.charging(await world.emsp(), await world.station('CP-201'));
    const system = await openApiClient(world.node());
    const { body } = await system.request(put(session), { limit: 8, unit: 'A', for: 900 });
    const acceptedAt = Date.parse(String(body.accepted_at));
    expect(body).toMatchObject({
      charging_profile: { duration: 900, start_date_time: new Date(Math.floor(acceptedAt / 1000) * 1000).toISOString().replace('.000', '') },
    });
    expect((await system.request(`GET sessions/${session}`)).body).toMatchObject({
      limit: { limit: 8, unit: 'A' },
      inputs: [{ by: 'operator', state: 'installed' }],
    });
  });

  test('CP-07, CP-10: a request that the charge point cannot execute is refused with the result and the reason', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const station = await world.station('CP-16');
    const session = await world.charging(emsp, station);
    const system = await openApiClient(world.node());
    station.drop();
    await world.firstStep('station-disconnected');
    const offline = await system.request(put(session), upTo(8));
    expect([offline.status, errorOf(offline)]).toMatchObject([409, { code: 'REJECTED', message: expect.stringContaining('not connected') }]);
    const { body } = await system.request('GET exchanges');
    // only what was decided at the charge point is on record, with its answer
    expect(body.items).toMatchObject([
      { side: 'own', state: 'REFUSED', answer: 'REJECTED', refused_here: true, status_message: 'the charge point is not connected' },
    ]);
  });

  test('CP-11: a request that is open when the node stops has an outcome after the next start', async () => {
    await using world = await openWorld({ store });
    const emsp = await world.emsp();
    const station = await world.station('CP-16', { answers: { SetChargingProfile: { is: 'never' } } });
    const session = await world.charging(emsp, station);
    const first = await openApiClient(world.node());
    const waiting = first.request(put(session, '?wait=120'), upTo(8));
    await station.next('SetChargingProfile');
    station.behave({ answers: {} });
    await world.restart();
    const { status, body } = await waiting;
    expect([status, body.open]).toEqual([202, true]);
    await world.firstStep('outcome', (it) => it.exchange === body.id);
    const ended = await first.request(`GET exchanges/${body.id}`);
    expect(ended.body).toMatchObject({ open: false, outcome: 'ACCEPTED' });
  });
});

/** An active profile with one limit in A. */
const active = (limit: number) => ({ start_date_time: '2026-01-31T09:00:00Z', charging_profile: upTo(limit) });
