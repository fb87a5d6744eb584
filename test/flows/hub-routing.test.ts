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
const withWait = { wait: seconds(15) };
const OTHER = { country_code: 'NL', party_id: 'XYZ' };

describe.each(stores)('a CPO whose eMSPs are behind a hub (%s)', (store) => {
  test.each(editions)('RTE-04, RTE-05, RTE-06, TRN-48: pushes sessions, receives profiles and posts results through a hub of %s', async (edition) => {
    await using world = await openWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition });
    const { hub, emsp } = behind;
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const set = await emsp.set(session, upTo(10));
    expect([set.result, await set.later]).toEqual(['ACCEPTED', { result: 'ACCEPTED' }]);

    const [sent, received] = [hub, emsp].map((it) => it.requests.filter(({ module }) => module === 'sessions' || module === 'callback'));
    expect(received?.map(({ headers }) => routingOf(headers))).toEqual(sent?.map(({ headers }) => routingOf(headers)));
    expect(new Set(sent?.map(({ headers }) => JSON.stringify(routingOf(headers))))).toEqual(new Set([JSON.stringify({ to: 'NL*MSP', from: 'NL*EVK' })]));
    expect(received?.map(({ headers }) => headers['x-correlation-id'])).toEqual(sent?.map(({ headers }) => headers['x-correlation-id']));
    const requestIds = [...(sent ?? []), ...(received ?? [])].map(({ headers }) => headers['x-request-id']);
    expect(new Set(requestIds).size).toBe(requestIds.length);
    expect(routingOf(Object.fromEntries(set.answer.headers))).toEqual({ to: 'NL*MSP', from: 'NL*EVK' });
  });

  test('RTE-07, A-21: takes a request without a receiver as one to the party of the session, and answers as that party', async () => {
    await using world = await openWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, emsp } = behind;
    const session = await world.charging(emsp, await world.station('CP-201'));
    const body = { charging_profile: upTo(10), response_url: `${new URL(hub.versionsUrl).origin}/r` };
    const answer = await hub.send({ method: 'PUT', url: hubUrl(hub, 'chargingprofiles RECEIVER', session), body, from: emsp.role });
    expect(answer.data).toMatchObject({ result: 'ACCEPTED' });
    expect(routingOf(Object.fromEntries(answer.headers))).toEqual({ to: 'NL*MSP', from: 'NL*EVK' });
  });

  test('RTE-07, RTE-17, A-21: answers 2001 when the receiver is missing and ambiguous, or not a party of the node, or when the sender is missing', async () => {
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

  test.each(['unchanged', 'rewritten'] as const)(
    'SEC-06, A-26: gets a response_url of another origin from a party behind the hub, forwarded %s',
    async (way) => {
      const received: unknown[] = [];
      const canary = createServer((request, response) => {
        received.push(request.headers);
        response.end();
      });
      await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
      await using _ = { [Symbol.asyncDispose]: () => new Promise<void>((done) => void canary.close(() => done())) };
      const address = canary.address();
      const responseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/results`;
      await using world = await openWorld({ store });
      await using behind = await openHubWorld(world, { clock, hub: { rewrites: way !== 'unchanged' } });
      const { hub, emsp } = behind;
      const station = await world.station('CP-201');
      const session = await world.charging(emsp, station);
      const tokenOfNode = hub.requests.at(-1)?.headers.authorization;
      expect(tokenOfNode).toMatch(/^Token /);
      const set = await emsp.set(session, upTo(10), { responseUrl });
      if (way === 'unchanged') {
        expect(set.answer.envelope.status_code).toBe(2001);
        expect(station.received('SetChargingProfile')).toEqual([]);
        expect(received).toEqual([]);
        return;
      }
      // the hub posts there with its own token; the token of the node goes to the hub only
      expect(await world.firstStep('outcome', ({ state }) => state === 'DELIVERED' || state === 'UNDELIVERED')).toBeDefined();
      expect(received).toHaveLength(1);
      expect(JSON.stringify(received)).not.toContain(tokenOfNode);
    },
  );
});

const profileRequestsAt = (cpo: Cpo) => cpo.requests.filter(({ module }) => module === 'chargingprofiles');

describe.each(stores)('an eMSP whose CPOs are behind a hub (%s)', (store) => {
  test.each(editions)('RTE-04, RTE-06: sends to a CPO through a hub of %s, with routing headers, and with the token for the hub only', async (edition) => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition });
    const { hub, cpo } = behind;
    await cpo.put(remoteSession('S1'));
    expect(await world.node().ask('NL*CPO*S1', limit, withWait)).toMatchObject({ ok: true, value: { state: 'CONFIRMED' } });
    const [sent] = hub.requests.filter(({ module }) => module === 'chargingprofiles');
    const [received] = profileRequestsAt(cpo);
    expect([routingOf(sent?.headers ?? {}), routingOf(received?.headers ?? {})]).toEqual(Array(2).fill({ to: 'NL*CPO', from: 'NL*EVK' }));
    expect(sent?.headers.authorization).not.toBe(received?.headers.authorization);
    expect(cpo.requests.map(({ headers }) => headers.authorization)).not.toContain(sent?.headers.authorization);
  });

  test('RTE-04: sends as the party that owns the token of the session', async () => {
    const parties = ['EVK', 'EV2', 'EV3'].map((party_id) => ({ role: 'EMSP' as const, country_code: 'NL', party_id, name: party_id }));
    await using world = await openEmspWorld({ store, config: { parties } });
    const cpo = await world.cpo();
    const cdrToken = { ...remoteSession('S1').cdr_token, party_id: 'EV2' };
    await cpo.put(remoteSession('S1', { cdr_token: cdrToken }));
    await world.node().ask('NL*CPO*S1', limit, withWait);
    expect(profileRequestsAt(cpo).map(({ headers }) => routingOf(headers))).toEqual([{ to: 'NL*CPO', from: 'NL*EV2' }]);
  });

  test.each(editions)(
    'RTE-13, RTE-14, RTE-12: pulls the sessions of all parties from a hub of %s with a list addressed to the hub; each session names its party',
    async (edition) => {
      await using world = await openEmspWorld({ store });
      const before = ({ cpo }: { cpo: Cpo }) => void cpo.sessions.set('S1', remoteSession('S1', { last_updated: moment(7) }));
      await using behind = await openHubWorld(world, { clock, edition, before });
      const { hub, cpo } = behind;
      const step = await world.firstStep('session-received', ({ by }) => by === 'pull');
      expect(step).toMatchObject({ session: 'NL*CPO*S1', peer: 'NL*HUB' });
      const pulls = hub.requests.filter(({ module }) => module === 'sessions');
      expect(pulls.map(({ method, url, headers }) => [method, new URL(url).pathname.endsWith('/sessions/sender'), routingOf(headers)])).toEqual([
        ['GET', true, { to: 'NL*HUB', from: 'NL*EVK' }],
      ]);
      expect(await hub.send({ method: 'GET', url: hubUrl(hub, 'sessions RECEIVER', 'NL', 'CPO', 'S1'), from: cpo.role, to: ourParty })).toMatchObject({
        data: { party_id: 'CPO', last_updated: moment(7) },
      });
    },
  );

  test('RTE-14, CRE-29: stores only the sessions of announced parties from the list of a hub', async () => {
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

  test('RTE-09, RTE-08: pulls a list of a platform with several CPOs without a receiver, never as a broadcast', async () => {
    await using world = await openEmspWorld({ store });
    await using cpo = await openCpo({ clock, moreRoles: [{ role: 'CPO', ...OTHER, business_details: { name: 'Second' } }] });
    const { token, versions_url } = cpo.invite();
    expect(await world.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    const pull = await cpo.waitForRequest(({ module }) => module === 'sessions');
    expect(Object.keys(pull.headers).filter((name) => name.startsWith('ocpi-to'))).toEqual([]);
  });

  test('RTE-08, RTE-10, RTE-11, RTE-12: refuses a broadcast of sessions with an answer to the hub, and does not take the hub for the owner', async () => {
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

  test('RTE-17: distinguishes 4000, 4001, 4002 and 4003 of a hub; an exchange that may have reached the CPO is UNCERTAIN', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    await cpo.put(remoteSession('S1'));
    const outcomeOfGet = async () => {
      const answer = await world.node().ask('NL*CPO*S1', { kind: 'get', duration: seconds(600) }, withWait);
      return answer.ok ? [answer.value.state, answer.value.reason] : answer;
    };
    hub.timesOut.add('NL*CPO');
    expect(await outcomeOfGet()).toEqual(['UNCERTAIN', 'hub_timeout']);
    hub.timesOut.clear();
    hub.setState(cpo.role, 'OFFLINE');
    expect(await outcomeOfGet()).toEqual(['REFUSED', 'receiver_not_connected']);
    hub.setState(cpo.role, 'CONNECTED');
    hub.behave({ chargingprofiles: { is: 'ocpi', code: 4001 } });
    expect(await outcomeOfGet()).toEqual(['REFUSED', 'unknown_receiver']);
    hub.behave({ chargingprofiles: { is: 'ocpi', code: 4000 } });
    cpo.answerProfiles({ GET: { answer: 'NOT_SUPPORTED' } }); // so that no result follows, which could arrive before the answer
    expect(await outcomeOfGet()).toEqual(['UNCERTAIN', 'hub_error']);
  });

  test('SEC-16: refuses an active profile that a party behind the hub pushes for a session of another party', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    await behind.addCpo({ party: OTHER });
    await cpo.put(remoteSession('S1'));
    await world.node().ask('NL*CPO*S1', limit, withWait);
    const body = { start_date_time: moment(0), charging_profile: upTo(6) };
    const url = hubUrl(hub, 'chargingprofiles SENDER', 'S1');
    expect((await hub.send({ method: 'PUT', url, body, from: OTHER, to: ourParty })).http).toBe(404);
    expect((await hub.send({ method: 'PUT', url, body, from: cpo.role, to: ourParty })).envelope.status_code).toBe(1000);
  });
});

describe.each(stores)('an eMSP that relays between parties behind its hub (%s)', (store) => {
  test.each([2001, 2003, 3000])('RTE-16, RTE-15: forwards %i of the CPO to the SCSP, and last_updated unchanged', async (code) => {
    const extras = {
      contracts: [{ party: 'NL*SCS', may: ['see' as const, 'control' as const], tokens_of: 'NL*EVK' }],
      consents: [{ token: '*', party: 'NL*SCS', purpose: 'smart_charging' as const, text_version: '1', given_at: '2026-01-01T00:00:00Z' }],
    };
    await using world = await openEmspWorld({ store, config: extras });
    await using behind = await openHubWorld(world, { clock });
    const { cpo, scsp } = behind;
    const last_updated = '2026-01-31T09:00:00.123456789Z';
    await cpo.put(remoteSession('S1', { last_updated }));
    const pushed: Fields = await scsp.session(() => true);
    expect(pushed.last_updated).toBe(last_updated);
    cpo.behave({ chargingprofiles: [{ is: 'ocpi', code }] });
    const set = await scsp.set(String(pushed.id), upTo(10));
    expect(set.answer.envelope.status_code).toBe(code);
    expect(listOf(profileRequestsAt(cpo).map(({ headers }) => routingOf(headers)))).toEqual([{ to: 'NL*CPO', from: 'NL*EVK' }]);
  });
});
