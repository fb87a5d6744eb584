import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Fields, listOf } from '../../sim/partner/wire.ts';
import { type Cpo, openCpo } from '../../sim/partner.ts';
import { amperes, seconds } from '../../src/domain/units.ts';
import { moment, openEmspWorld, remoteSession } from '../emsp-world.ts';
import { hubUrl, openHubWorld, ourParty, routingOf } from '../hub-world.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, stores } from '../world.ts';

const clock = realClock();
const editions = ['2.2.1', '2.3.0'] as const;
const limit = { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } } as const;
const patience = { wait: seconds(15) };
const OTHER = { country_code: 'NL', party_id: 'XYZ' };

describe.each(stores)('a CPO behind whose hub its eMSPs are (%s)', (store) => {
  test.each(editions)('RTE-04, RTE-05, RTE-06, TRN-48: tells sessions, takes profiles and posts results through a hub of %s', async (edition) => {
    await using world = await openWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition });
    const { hub, emsp } = behind;
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const asked = await emsp.set(session, upTo(10));
    expect([asked.result, await asked.later]).toEqual(['ACCEPTED', { result: 'ACCEPTED' }]);

    const [leaving, arriving] = [hub, emsp].map((it) => it.requests.filter(({ module }) => module === 'sessions' || module === 'callback'));
    expect(arriving?.map(({ headers }) => routingOf(headers))).toEqual(leaving?.map(({ headers }) => routingOf(headers)));
    expect(new Set(leaving?.map(({ headers }) => JSON.stringify(routingOf(headers))))).toEqual(new Set([JSON.stringify({ to: 'NL*MSP', from: 'NL*EVK' })]));
    expect(arriving?.map(({ headers }) => headers['x-correlation-id'])).toEqual(leaving?.map(({ headers }) => headers['x-correlation-id']));
    const requestIds = [...(leaving ?? []), ...(arriving ?? [])].map(({ headers }) => headers['x-request-id']);
    expect(new Set(requestIds).size).toBe(requestIds.length);
    expect(routingOf(Object.fromEntries(asked.answer.headers))).toEqual({ to: 'NL*MSP', from: 'NL*EVK' });
  });

  test('RTE-07, A-21: a request that names nobody is for the owner of the session, and the answer says who that is', async () => {
    await using world = await openWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, emsp } = behind;
    const session = await world.charging(emsp, await world.station('CP-201'));
    const body = { charging_profile: upTo(10), response_url: `${new URL(hub.versionsUrl).origin}/r` };
    const answer = await hub.send({ method: 'PUT', url: hubUrl(hub, 'chargingprofiles RECEIVER', session), body, from: emsp.role });
    expect(answer.data).toMatchObject({ result: 'ACCEPTED' });
    expect(routingOf(Object.fromEntries(answer.headers))).toEqual({ to: 'NL*MSP', from: 'NL*EVK' });
  });

  test('RTE-07, RTE-17, A-21: where nothing tells which party of ours is meant, and for one that is not here, the answer is 2001', async () => {
    const parties = [
      { role: 'CPO' as const, ...ourParty, name: 'CPO' },
      { role: 'EMSP' as const, country_code: 'NL', party_id: 'EV2', name: 'eMSP' },
    ];
    await using world = await openWorld({ store, config: { parties } });
    await using behind = await openHubWorld(world, { clock });
    const { hub, emsp } = behind;
    const url = hubUrl(hub, 'sessions SENDER');
    expect((await hub.send({ method: 'GET', url, from: emsp.role })).envelope).toMatchObject({
      status_code: 2001,
      status_message: 'OCPI-to-party-id: missing, needed is one of NL*EVK, NL*EV2',
    });
    expect((await hub.send({ method: 'GET', url, from: emsp.role, to: { country_code: 'NL', party_id: 'NON' } })).envelope.status_code).toBe(2001);
    expect((await hub.send({ method: 'GET', url, from: emsp.role, to: ourParty })).envelope.status_code).toBe(1000);
    expect((await hub.send({ method: 'GET', url, to: ourParty })).envelope).toMatchObject({
      status_code: 2001,
      status_message: expect.stringContaining('OCPI-from-party-id: missing'),
    });
  });

  test.each(['as it was', 'through the hub'] as const)('SEC-06, A-26: a party behind a hub that gives a foreign response_url, sent on %s', async (way) => {
    const heard: unknown[] = [];
    const canary = createServer((request, response) => {
      heard.push(request.headers);
      response.end();
    });
    await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
    await using _ = { [Symbol.asyncDispose]: () => new Promise<void>((done) => void canary.close(() => done())) };
    const address = canary.address();
    const responseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/results`;
    await using world = await openWorld({ store });
    await using behind = await openHubWorld(world, { clock, hub: { rewrites: way !== 'as it was' } });
    const { hub, emsp } = behind;
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const tokenOfNode = hub.requests.at(-1)?.headers.authorization;
    expect(tokenOfNode).toMatch(/^Token /);
    const asked = await emsp.set(session, upTo(10), { responseUrl });
    if (way === 'as it was') {
      expect(asked.answer.envelope.status_code).toBe(2001);
      expect(station.received('SetChargingProfile')).toEqual([]);
      expect(heard).toEqual([]);
      return;
    }
    // the hub posts there itself, with a token of its own: the node's goes to the hub alone
    expect(await world.firstStep('outcome', ({ state }) => state === 'DELIVERED' || state === 'UNDELIVERED')).toBeDefined();
    expect(heard).toHaveLength(1);
    expect(JSON.stringify(heard)).not.toContain(tokenOfNode);
  });
});

const callsAt = (cpo: Cpo) => cpo.requests.filter(({ module }) => module === 'chargingprofiles');

describe.each(stores)('an eMSP behind whose hub its CPOs are (%s)', (store) => {
  test.each(editions)('RTE-04, RTE-06: asks a CPO through a hub of %s, by its name, with the token of the hub alone', async (edition) => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition });
    const { hub, cpo } = behind;
    await cpo.put(remoteSession('S1'));
    expect(await world.node().ask('NL*CPO*S1', limit, patience)).toMatchObject({ ok: true, value: { state: 'CONFIRMED' } });
    const [left] = hub.requests.filter(({ module }) => module === 'chargingprofiles');
    const [came] = callsAt(cpo);
    expect([routingOf(left?.headers ?? {}), routingOf(came?.headers ?? {})]).toEqual(Array(2).fill({ to: 'NL*CPO', from: 'NL*EVK' }));
    expect(left?.headers.authorization).not.toBe(came?.headers.authorization);
    expect(cpo.requests.map(({ headers }) => headers.authorization)).not.toContain(left?.headers.authorization);
  });

  test('RTE-04: speaks for the party whose session it is, not for its platform', async () => {
    const parties = ['EVK', 'EV2', 'EV3'].map((party_id) => ({ role: 'EMSP' as const, country_code: 'NL', party_id, name: party_id }));
    await using world = await openEmspWorld({ store, config: { parties } });
    const cpo = await world.cpo();
    const mine = { ...remoteSession('S1').cdr_token, party_id: 'EV2' };
    await cpo.put(remoteSession('S1', { cdr_token: mine }));
    await world.node().ask('NL*CPO*S1', limit, patience);
    expect(callsAt(cpo).map(({ headers }) => routingOf(headers))).toEqual([{ to: 'NL*CPO', from: 'NL*EV2' }]);
  });

  test.each(editions)('RTE-13, RTE-14, RTE-12: gets what all have from a hub of %s, addressed to the hub; whose each is it says itself', async (edition) => {
    await using world = await openEmspWorld({ store });
    const before = ({ cpo }: { cpo: Cpo }) => void cpo.sessions.set('S1', remoteSession('S1', { last_updated: moment(7) }));
    await using behind = await openHubWorld(world, { clock, edition, before });
    const { hub, cpo } = behind;
    const came = await world.firstStep('session-received', ({ by }) => by === 'pull');
    expect(came).toMatchObject({ session: 'NL*CPO*S1', peer: 'NL*HUB' });
    const pulls = hub.requests.filter(({ module }) => module === 'sessions');
    expect(pulls.map(({ method, url, headers }) => [method, new URL(url).pathname.endsWith('/sessions/sender'), routingOf(headers)])).toEqual([
      ['GET', true, { to: 'NL*HUB', from: 'NL*EVK' }],
    ]);
    expect(await hub.send({ method: 'GET', url: hubUrl(hub, 'sessions RECEIVER', 'NL', 'CPO', 'S1'), from: cpo.role, to: ourParty })).toMatchObject({
      data: { party_id: 'CPO', last_updated: moment(7) },
    });
  });

  test('RTE-14, CRE-29: of what a hub gives out as others’ sessions, only those of parties that it announced are kept', async () => {
    await using world = await openEmspWorld({ store });
    const before = ({ cpo }: { cpo: Cpo }) => {
      cpo.sessions.set('S1', remoteSession('S1', OTHER));
      cpo.sessions.set('S2', remoteSession('S2'));
    };
    await using _ = await openHubWorld(world, { clock, before });
    await world.firstStep('session-received', ({ session }) => session === 'NL*CPO*S2');
    expect(await world.firstStep('security', ({ kind }) => kind === 'foreign-object')).toMatchObject({ says: expect.stringContaining('NL*XYZ') });
    expect((await world.node().sessions()).items.map(({ key }) => key)).toEqual(['NL*CPO*S2']);
  });

  test('RTE-09, RTE-08: where it does not know which CPO a list is at, it names none, and never everyone', async () => {
    await using world = await openEmspWorld({ store });
    await using cpo = await openCpo({ clock, moreRoles: [{ role: 'CPO', ...OTHER, business_details: { name: 'Second' } }] });
    const { token, versions_url } = cpo.invite();
    expect(await world.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    const pull = await cpo.waitForRequest(({ module }) => module === 'sessions');
    expect(Object.keys(pull.headers).filter((name) => name.startsWith('ocpi-to'))).toEqual([]);
  });

  test('RTE-08, RTE-10, RTE-11, RTE-12: a broadcast of sessions or profiles is refused, to the hub, and the hub is not taken for the owner', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    const url = hubUrl(hub, 'sessions RECEIVER', 'NL', 'CPO', 'S1');
    const session = remoteSession('S1');
    const patch = { kwh: 5, last_updated: moment(60) };
    for (const [method, body] of [['PUT', session] as const, ['PATCH', patch] as const]) {
      const answer = await hub.send({ method, url, body, from: hub.role, to: ourParty });
      expect(answer.envelope).toMatchObject({ status_code: 2001, status_message: expect.stringContaining('not for everyone') });
      expect(routingOf(Object.fromEntries(answer.headers))).toEqual({ to: 'NL*HUB', from: 'NL*EVK' });
    }
    const toAll = await hub.send({ method: 'PUT', url, body: session, from: cpo.role, to: hub.role });
    expect(toAll.envelope.status_code).toBe(2001);
    const getToAll = await hub.send({ method: 'GET', url, from: cpo.role, to: hub.role });
    expect(getToAll.envelope.status_code).toBe(2001);
    expect((await world.node().sessions()).items).toEqual([]);
    expect((await hub.send({ method: 'PUT', url, body: session, from: cpo.role, to: ourParty })).http).toBe(201);
    expect((await world.node().sessions()).items.map(({ key }) => key)).toEqual(['NL*CPO*S1']);
  });

  test('RTE-17: 4000, 4001, 4002 and 4003 of a hub are told apart, and those that may have been sent on leave a doubt', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    await cpo.put(remoteSession('S1'));
    const asked = async () => {
      const answer = await world.node().ask('NL*CPO*S1', { kind: 'get', duration: seconds(600) }, patience);
      return answer.ok ? [answer.value.state, answer.value.reason] : answer;
    };
    hub.timesOut.add('NL*CPO');
    expect(await asked()).toEqual(['UNCERTAIN', 'hub_timeout']);
    hub.timesOut.clear();
    hub.setState(cpo.role, 'OFFLINE');
    expect(await asked()).toEqual(['REFUSED', 'receiver_not_connected']);
    hub.setState(cpo.role, 'CONNECTED');
    hub.behave({ chargingprofiles: [{ is: 'ocpi', code: 4001 }] });
    expect(await asked()).toEqual(['REFUSED', 'unknown_receiver']);
    hub.behave({ chargingprofiles: [{ is: 'ocpi', code: 4000 }] });
    expect(await asked()).toEqual(['UNCERTAIN', 'hub_error']);
  });

  test('SEC-16: an active profile that a party behind the hub tells of another’s session is not taken', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    await behind.addCpo({ party: OTHER });
    await cpo.put(remoteSession('S1'));
    await world.node().ask('NL*CPO*S1', limit, patience);
    const body = { start_date_time: moment(0), charging_profile: upTo(6) };
    const url = hubUrl(hub, 'chargingprofiles SENDER', 'S1');
    expect((await hub.send({ method: 'PUT', url, body, from: OTHER, to: ourParty })).http).toBe(404);
    expect((await hub.send({ method: 'PUT', url, body, from: cpo.role, to: ourParty })).envelope.status_code).toBe(1000);
  });
});

describe.each(stores)('an eMSP that relays between parties behind its hub (%s)', (store) => {
  test.each([2001, 2003, 3000])('RTE-16, RTE-15: passes %i of the CPO on to the SCSP, and last_updated as it was', async (code) => {
    const extras = {
      contracts: [{ party: 'NL*SCS', may: ['see' as const, 'control' as const], tokens_of: 'NL*EVK' }],
      consents: [{ token: '*', party: 'NL*SCS', purpose: 'smart_charging' as const, text_version: '1', given_at: '2026-01-01T00:00:00Z' }],
    };
    await using world = await openEmspWorld({ store, config: extras });
    await using behind = await openHubWorld(world, { clock });
    const { cpo, scsp } = behind;
    const last_updated = '2026-01-31T09:00:00.123456789Z';
    await cpo.put(remoteSession('S1', { last_updated }));
    const told: Fields = await scsp.session(() => true);
    expect(told.last_updated).toBe(last_updated);
    cpo.behave({ chargingprofiles: [{ is: 'ocpi', code }] });
    const asked = await scsp.set(String(told.id), upTo(10));
    expect(asked.answer.envelope.status_code).toBe(code);
    expect(listOf(callsAt(cpo).map(({ headers }) => routingOf(headers)))).toEqual([{ to: 'NL*CPO', from: 'NL*EVK' }]);
  });
});
