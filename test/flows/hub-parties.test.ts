import { describe, expect, test } from 'vitest';
import { realClock, virtualClock } from '../../sim/index.ts';
import { type Hub, openCpo, openHub, send } from '../../sim/partner.ts';
import { partyKey, peerId } from '../../src/domain/ids.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { hubUrl, openHubWorld, ourParty, registerHub } from '../hub-world.ts';
import { stores } from '../world.ts';

const clock = realClock();
const CPO = { country_code: 'NL', party_id: 'CPO' };
const clientInfo = (more: object = {}) => ({ ...CPO, role: 'CPO', status: 'CONNECTED', last_updated: '2026-01-31T09:00:00Z', ...more });
const clientInfoUrl = (hub: Hub, { country_code, party_id } = CPO) => hubUrl(hub, 'hubclientinfo RECEIVER', country_code, party_id);
const putSession = (hub: Hub, id: string, from = CPO) =>
  hub.send({
    method: 'PUT',
    url: hubUrl(hub, 'sessions RECEIVER', from.country_code, from.party_id, id),
    body: remoteSession(id, from),
    from,
    to: ourParty,
  });

describe.each(stores)('the parties that a hub speaks for (%s)', (store) => {
  test.each(['2.2.1', '2.3.0'] as const)('CRE-28, CRE-29, RTE-19: are those that a hub of %s has announced, and no others', async (edition) => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition });
    const { hub, cpo } = behind;
    expect((await cpo.put(remoteSession('S1'))).envelope.status_code).toBe(1000);
    const unannounced = await putSession(hub, 'S2', { country_code: 'NL', party_id: 'XYZ' });
    expect(unannounced.envelope).toMatchObject({ status_code: 2001, status_message: expect.stringContaining('found NL*XYZ') });
    await behind.addCpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    expect((await putSession(hub, 'S2', { country_code: 'NL', party_id: 'XYZ' })).http).toBe(201);
  });

  test('CRE-29: are in 2.3.0 the roles in its credentials; ClientInfo of another party adds none', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition: '2.3.0' });
    const other = { country_code: 'NL', party_id: 'XYZ' };
    await behind.hub.send({ method: 'PUT', url: clientInfoUrl(behind.hub, other), body: clientInfo(other) });
    expect((await putSession(behind.hub, 'S2', other)).envelope.status_code).toBe(2001);
  });

  test.each(['2.2.1', '2.3.0'] as const)('F-41: include one that the operator lets in, behind a hub of %s that announces no parties', async (edition) => {
    await using world = await openEmspWorld({ store });
    await using cpo = await openCpo({ clock, edition, addressee: () => ourParty });
    await using hub = await openHub({ clock, edition, withoutClientInfo: true });
    if (edition === '2.2.1') await hub.connect(cpo);
    else hub.list({ role: 'EMSP', country_code: 'NL', party_id: 'TNM', business_details: { name: 'An eMSP' } });
    await registerHub(world, hub);
    const put = (id: string) => putSession(hub, id);
    expect((await put('S1')).envelope.status_code).toBe(2001);
    expect(await world.firstStep('security', ({ kind }) => kind === 'forged-from')).toMatchObject({
      says: expect.stringContaining('evenkeel approve --peer NL*HUB --party NL*CPO --role ROLE'),
    });
    const { registration } = world.node();
    const approve = (party: string, role?: string) => registration.approve(peerId('NL*HUB'), partyKey('NL', party), role);
    expect(await approve('CPO')).toMatchObject({ ok: false, problem: expect.stringContaining('--role CPO') });
    expect(await approve('EVK', 'CPO')).toMatchObject({ ok: false, problem: expect.stringContaining('our own party') });
    expect(await approve('HUB', 'CPO')).toMatchObject({ ok: false, problem: expect.stringContaining('is a hub itself') });
    expect(await approve('CPO', 'CPO')).toMatchObject({ ok: true });
    expect((await put('S1')).http).toBe(201);
    // new credentials of the hub, which still name no such party, do not take it back
    await hub.rotate();
    expect((await put('S2')).http).toBe(201);
  });

  test('F-41: a party that was let in is pulled from at once, and stays out when another peer speaks for it', async () => {
    const virtual = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
    await using world = await openEmspWorld({ store, clock: virtual });
    await using cpo = await openCpo({ clock: virtual, addressee: () => ourParty });
    await using hub = await openHub({ clock: virtual, withoutClientInfo: true });
    await hub.connect(cpo);
    cpo.sessions.set('S0', remoteSession('S0'));
    await registerHub(world, hub);
    await world.node().registration.approve(peerId('NL*HUB'), partyKey('NL', 'CPO'), 'CPO');
    await virtual.advance(5_000);
    await world.firstStep('session-received', ({ session }) => session === 'NL*CPO*S0');

    const other = { country_code: 'NL', party_id: 'XYZ' };
    await world.cpo({ party: other });
    const refused = await world.node().registration.approve(peerId('NL*HUB'), partyKey('NL', 'XYZ'), 'CPO');
    expect(refused).toMatchObject({ ok: false, problem: 'NL*XYZ speaks for NL*XYZ: evenkeel unregister --peer NL*XYZ first' });
  });

  test('CRE-33: do not include a party that is registered directly, before or after the hub', async () => {
    await using world = await openEmspWorld({ store });
    const direct = await world.cpo();
    await using hub = await openHub({ clock });
    hub.list(direct.role);
    const later = { country_code: 'NL', party_id: 'LAT' };
    hub.list({ role: 'CPO', ...later, business_details: { name: 'Late' } });
    await registerHub(world, hub);
    expect(await world.firstStep('security', ({ kind }) => kind === 'party-claimed')).toMatchObject({ peer: 'NL*HUB', party: 'NL*CPO' });
    await world.firstStep('client-info-received', ({ party }) => party === 'NL*LAT');
    expect((await putSession(hub, 'S1')).envelope.status_code).toBe(2001);
    expect((await direct.put(remoteSession('S1'))).http).toBe(201);

    expect((await putSession(hub, 'S2', later)).http).toBe(201);
    const late = await world.cpo({ party: later });
    // it keeps its sessions; requests about them now go to its own platform
    await late.put(remoteSession('S2', later));
    expect((await world.node().sessions()).items.find(({ key }) => key === 'NL*LAT*S2')).toMatchObject({ peer: 'NL*LAT' });
    expect((await putSession(hub, 'S3', later)).envelope.status_code).toBe(2001);
    await direct.unregister();
    expect((await putSession(hub, 'S4')).http).toBe(201);
  });

  test('CRE-33: do not include a party that another hub announced first', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    await using second = await openHub({ clock, party: { country_code: 'NL', party_id: 'HB2' } });
    second.list(behind.cpo.role);
    await registerHub(world, second);
    expect(await world.firstStep('security', ({ kind }) => kind === 'party-claimed')).toMatchObject({ peer: 'NL*HB2', party: 'NL*CPO' });
    expect((await putSession(second, 'S1')).envelope.status_code).toBe(2001);
    expect((await putSession(behind.hub, 'S1')).http).toBe(201);
  });

  test('F-53: include a party behind two hubs at the one where it is connected, and at the first one when it is back there', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    await using second = await openHub({ clock, party: { country_code: 'NL', party_id: 'HB2' } });
    second.list(behind.cpo.role);
    await registerHub(world, second);
    await world.firstStep('client-info-received', ({ peer }) => peer === 'NL*HB2');
    await behind.hub.announce(behind.cpo.role, 'OFFLINE');
    expect((await putSession(second, 'S1')).http).toBe(201);
    expect((await putSession(behind.hub, 'S2')).envelope.status_code).toBe(2001);
    await behind.hub.announce(behind.cpo.role, 'CONNECTED');
    expect((await putSession(second, 'S3')).envelope.status_code).toBe(2001);
    expect((await putSession(behind.hub, 'S3')).http).toBe(201);
  });

  test('SEC-14: do not include a party of this node, whatever the hub lists', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub } = behind;
    expect((await hub.send({ method: 'PUT', url: clientInfoUrl(hub, ourParty), body: clientInfo({ ...ourParty }) })).http).toBe(201);
    expect((await putSession(hub, 'S1', ourParty)).envelope.status_code).toBe(2001);
  });

  test('SEC-14, SEC-16: can neither read nor change the sessions of each other', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    const other = await behind.addCpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await cpo.put(remoteSession('S1'));
    const url = hubUrl(hub, 'sessions RECEIVER', 'NL', 'CPO', 'S1');
    const as = { from: other.role, to: ourParty };
    const answers = [
      await hub.send({ method: 'PUT', url, body: remoteSession('S1', { kwh: 99 }), ...as }),
      await hub.send({ method: 'PATCH', url, body: { kwh: 99, last_updated: '2026-02-01T00:00:00Z' }, ...as }),
      await hub.send({ method: 'GET', url, ...as }),
    ];
    expect(answers.map(({ http }) => http)).toEqual([404, 404, 404]);
    expect(await hub.send({ method: 'GET', url, from: cpo.role, to: ourParty })).toMatchObject({ data: { kwh: 1 } });
  });

  test('are removed when the hub is unregistered', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    await world.node().registration.unregister(peerId('NL*HUB'));
    await using second = await openHub({ clock, party: { country_code: 'NL', party_id: 'HB2' } });
    second.list(behind.cpo.role);
    await registerHub(world, second);
    await world.firstStep('client-info-received', ({ peer }) => peer === 'NL*HB2');
    expect((await putSession(second, 'S1')).http).toBe(201);
  });
});

describe.each(stores)('ClientInfo of a hub (%s)', (store) => {
  test('HCI-05: is never deleted; PUT sets SUSPENDED, and GET returns it', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    for (const method of ['DELETE', 'POST', 'PATCH']) {
      const refused = await hub.send({ method, url: clientInfoUrl(hub), ...(method !== 'DELETE' && { body: clientInfo() }) });
      expect([refused.http, refused.headers.get('allow')]).toEqual([405, 'GET, PUT']);
    }
    expect((await hub.announce(cpo.role, 'SUSPENDED')).envelope.status_code).toBe(1000);
    expect((await hub.send({ method: 'GET', url: clientInfoUrl(hub) })).data).toMatchObject({ ...CPO, role: 'CPO', status: 'SUSPENDED' });
    expect((await hub.send({ method: 'GET', url: clientInfoUrl(hub, { country_code: 'NL', party_id: 'NON' }) })).http).toBe(404);
  });

  test('RTE-02: has no routing headers in either direction, and wrong ones are ignored', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub } = behind;
    const pulls = hub.requests.filter(({ module }) => module === 'hubclientinfo');
    expect(pulls.length).toBeGreaterThan(1);
    expect(pulls.flatMap(({ headers }) => Object.keys(headers).filter((name) => name.startsWith('ocpi-')))).toEqual([]);
    const nobody = { country_code: 'XX', party_id: 'XXX' };
    const answer = await hub.send({ method: 'PUT', url: clientInfoUrl(hub), body: clientInfo(), to: nobody, from: nobody });
    expect(answer.envelope.status_code).toBe(1000);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('ocpi-'))).toEqual([]);
  });

  test('TRN-36, TRN-33: must have the ids of its URL, and an older object changes nothing', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub } = behind;
    const wrong = await hub.send({ method: 'PUT', url: clientInfoUrl(hub), body: clientInfo({ party_id: 'XYZ' }) });
    expect(wrong.envelope).toMatchObject({ status_code: 2001, status_message: expect.stringContaining('party_id: found "XYZ"') });
    await hub.send({ method: 'PUT', url: clientInfoUrl(hub), body: clientInfo({ status: 'OFFLINE', last_updated: '2020-01-01T00:00:00Z' }) });
    expect((await hub.send({ method: 'GET', url: clientInfoUrl(hub) })).data).toMatchObject({ status: 'CONNECTED' });
  });

  test('CRE-33, TRN-09: is refused from a platform that is not a hub, and with a TOKEN_A', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    const url = `${world.node().publicUrl}/ocpi/2.2.1/hubclientinfo/NL/XYZ`;
    const answer = await cpo.send({ method: 'PUT', url, body: clientInfo({ party_id: 'XYZ' }) });
    expect(answer.envelope).toMatchObject({ status_code: 2000, status_message: expect.stringContaining('for hubs only') });
    const token = await world.node().registration.invite({ role: 'HUB', country_code: 'NL', party_id: 'HUB' });
    expect((await send({ method: 'PUT', url, token: token.ok ? token.value : '', body: clientInfo({ party_id: 'XYZ' }) })).http).toBe(401);
  });

  test('HCI-04, VER-14: a check of the hub whether the node is alive gets an answer, and has no other effect', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const before = world.steps.length;
    expect(await behind.hub.probe()).toMatchObject({ http: 200, data: expect.arrayContaining([expect.objectContaining({ version: '2.2.1' })]) });
    expect(world.steps.length).toBe(before);
  });

  test.each(['2.2.1', '2.3.0'] as const)('CRE-28: is accepted after the node has registered itself at a hub of %s', async (edition) => {
    await using world = await openEmspWorld({ store });
    await using hub = await openHub({ clock, edition });
    await using cpo = await openCpo({ clock, edition, addressee: () => ourParty });
    await hub.connect(cpo);
    const { token, versions_url } = hub.invite();
    expect(await world.node().registration.register(versions_url, token)).toMatchObject({ ok: true, value: { id: 'NL*HUB', ownRoles: [{ role: 'HUB' }] } });
    await world.firstStep('client-info-received', ({ party }) => party === 'NL*CPO');
    expect((await cpo.put(remoteSession('S1'))).envelope.status_code).toBe(1000);
  });
});
