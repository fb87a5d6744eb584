import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Hub, openCpo, openHub, send } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { openEmspWorld, remoteSession } from '../emsp-world.ts';
import { hubUrl, openHubWorld, ourParty, registerHub } from '../hub-world.ts';
import { stores } from '../world.ts';

const clock = realClock();
const CPO = { country_code: 'NL', party_id: 'CPO' };
const clientInfo = (more: object = {}) => ({ ...CPO, role: 'CPO', status: 'CONNECTED', last_updated: '2026-01-31T09:00:00Z', ...more });
const infoAt = (hub: Hub, { country_code, party_id } = CPO) => hubUrl(hub, 'hubclientinfo RECEIVER', country_code, party_id);
const tellSession = (hub: Hub, id: string, from = CPO) =>
  hub.send({
    method: 'PUT',
    url: hubUrl(hub, 'sessions RECEIVER', from.country_code, from.party_id, id),
    body: remoteSession(id, from),
    from,
    to: ourParty,
  });

describe.each(stores)('who a hub speaks for (%s)', (store) => {
  test.each(['2.2.1', '2.3.0'] as const)('CRE-28, CRE-29, RTE-19: the parties that a hub of %s has announced, and nobody else', async (edition) => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition });
    const { hub, cpo } = behind;
    expect((await cpo.put(remoteSession('S1'))).envelope.status_code).toBe(1000);
    const stranger = await tellSession(hub, 'S2', { country_code: 'NL', party_id: 'XYZ' });
    expect(stranger.envelope).toMatchObject({ status_code: 2001, status_message: expect.stringContaining('found NL*XYZ') });
    await behind.addCpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    expect((await tellSession(hub, 'S2', { country_code: 'NL', party_id: 'XYZ' })).http).toBe(201);
  });

  test('CRE-29: in 2.3.0 the roles say who is behind a hub; ClientInfo of another party announces nobody', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock, edition: '2.3.0' });
    const other = { country_code: 'NL', party_id: 'XYZ' };
    await behind.hub.send({ method: 'PUT', url: infoAt(behind.hub, other), body: clientInfo(other) });
    expect((await tellSession(behind.hub, 'S2', other)).envelope.status_code).toBe(2001);
  });

  test('CRE-33: a party that is registered itself is not taken over by a hub, and a direct registration takes it from one', async () => {
    await using world = await openEmspWorld({ store });
    const direct = await world.cpo();
    await using hub = await openHub({ clock });
    hub.list(direct.role);
    const later = { country_code: 'NL', party_id: 'LAT' };
    hub.list({ role: 'CPO', ...later, business_details: { name: 'Late' } });
    await registerHub(world, hub);
    expect(await world.firstStep('security', ({ kind }) => kind === 'party-claimed')).toMatchObject({ peer: 'NL*HUB', party: 'NL*CPO' });
    await world.firstStep('client-info-received', ({ party }) => party === 'NL*LAT');
    expect((await tellSession(hub, 'S1')).envelope.status_code).toBe(2001);
    expect((await direct.put(remoteSession('S1'))).http).toBe(201);

    expect((await tellSession(hub, 'S2', later)).http).toBe(201);
    const late = await world.cpo({ party: later });
    // it keeps its sessions, which are asked for at its own platform now
    await late.put(remoteSession('S2', later));
    expect((await world.node().sessions()).items.find(({ key }) => key === 'NL*LAT*S2')).toMatchObject({ peer: 'NL*LAT' });
    expect((await tellSession(hub, 'S3', later)).envelope.status_code).toBe(2001);
    await direct.unregister();
    expect((await tellSession(hub, 'S4')).http).toBe(201);
  });

  test('CRE-33: of two hubs, the one that announced a party first speaks for it', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    await using second = await openHub({ clock, party: { country_code: 'NL', party_id: 'HB2' } });
    second.list(behind.cpo.role);
    await registerHub(world, second);
    expect(await world.firstStep('security', ({ kind }) => kind === 'party-claimed')).toMatchObject({ peer: 'NL*HB2', party: 'NL*CPO' });
    expect((await tellSession(second, 'S1')).envelope.status_code).toBe(2001);
    expect((await tellSession(behind.hub, 'S1')).http).toBe(201);
  });

  test('SEC-14: a party of ours is spoken for by nobody else, whatever a hub lists', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub } = behind;
    expect((await hub.send({ method: 'PUT', url: infoAt(hub, ourParty), body: clientInfo({ ...ourParty }) })).http).toBe(201);
    expect((await tellSession(hub, 'S1', ourParty)).envelope.status_code).toBe(2001);
  });

  test('SEC-14, SEC-16: none of the parties behind one hub speaks of the sessions of another', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    const thief = await behind.addCpo({ party: { country_code: 'NL', party_id: 'XYZ' } });
    await cpo.put(remoteSession('S1'));
    const url = hubUrl(hub, 'sessions RECEIVER', 'NL', 'CPO', 'S1');
    const as = { from: thief.role, to: ourParty };
    const answers = [
      await hub.send({ method: 'PUT', url, body: remoteSession('S1', { kwh: 99 }), ...as }),
      await hub.send({ method: 'PATCH', url, body: { kwh: 99, last_updated: '2026-02-01T00:00:00Z' }, ...as }),
      await hub.send({ method: 'GET', url, ...as }),
    ];
    expect(answers.map(({ http }) => http)).toEqual([404, 404, 404]);
    expect(await hub.send({ method: 'GET', url, from: cpo.role, to: ourParty })).toMatchObject({ data: { kwh: 1 } });
  });

  test('a hub is forgotten with its parties when it unregisters', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    await world.node().registration.unregister(peerId('NL*HUB'));
    await using second = await openHub({ clock, party: { country_code: 'NL', party_id: 'HB2' } });
    second.list(behind.cpo.role);
    await registerHub(world, second);
    await world.firstStep('client-info-received', ({ peer }) => peer === 'NL*HB2');
    expect((await tellSession(second, 'S1')).http).toBe(201);
  });
});

describe.each(stores)('what a hub tells of a party (%s)', (store) => {
  test('HCI-05: is never deleted; SUSPENDED comes by PUT and is what a GET shows', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub, cpo } = behind;
    for (const method of ['DELETE', 'POST', 'PATCH']) {
      const refused = await hub.send({ method, url: infoAt(hub), ...(method !== 'DELETE' && { body: clientInfo() }) });
      expect([refused.http, refused.headers.get('allow')]).toEqual([405, 'GET, PUT']);
    }
    expect((await hub.announce(cpo.role, 'SUSPENDED')).envelope.status_code).toBe(1000);
    expect((await hub.send({ method: 'GET', url: infoAt(hub) })).data).toMatchObject({ ...CPO, role: 'CPO', status: 'SUSPENDED' });
    expect((await hub.send({ method: 'GET', url: infoAt(hub, { country_code: 'NL', party_id: 'NON' }) })).http).toBe(404);
  });

  test('RTE-02: goes without routing headers, both ways, and wrong ones are not looked at', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub } = behind;
    const asked = hub.requests.filter(({ module }) => module === 'hubclientinfo');
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.flatMap(({ headers }) => Object.keys(headers).filter((name) => name.startsWith('ocpi-')))).toEqual([]);
    const nobody = { country_code: 'XX', party_id: 'XXX' };
    const told = await hub.send({ method: 'PUT', url: infoAt(hub), body: clientInfo(), to: nobody, from: nobody });
    expect(told.envelope.status_code).toBe(1000);
    expect([...told.headers.keys()].filter((name) => name.startsWith('ocpi-'))).toEqual([]);
  });

  test('TRN-36, TRN-33: has the name of its URL, and what is older than what is known changes nothing', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const { hub } = behind;
    const wrong = await hub.send({ method: 'PUT', url: infoAt(hub), body: clientInfo({ party_id: 'XYZ' }) });
    expect(wrong.envelope).toMatchObject({ status_code: 2001, status_message: expect.stringContaining('party_id: found "XYZ"') });
    await hub.send({ method: 'PUT', url: infoAt(hub), body: clientInfo({ status: 'OFFLINE', last_updated: '2020-01-01T00:00:00Z' }) });
    expect((await hub.send({ method: 'GET', url: infoAt(hub) })).data).toMatchObject({ status: 'CONNECTED' });
  });

  test('CRE-33, TRN-09: a platform that is no hub tells of nobody, and a TOKEN_A does not open the module', async () => {
    await using world = await openEmspWorld({ store });
    const cpo = await world.cpo();
    const url = `${world.node().publicUrl}/ocpi/2.2.1/hubclientinfo/NL/XYZ`;
    const told = await cpo.send({ method: 'PUT', url, body: clientInfo({ party_id: 'XYZ' }) });
    expect(told.envelope).toMatchObject({ status_code: 2000, status_message: expect.stringContaining('for hubs only') });
    const token = await world.node().registration.invite({ role: 'HUB', country_code: 'NL', party_id: 'HUB' });
    expect((await send({ method: 'PUT', url, token: token.ok ? token.value : '', body: clientInfo({ party_id: 'XYZ' }) })).http).toBe(401);
  });

  test('HCI-04, VER-14: a hub that looks whether the node is alive gets an answer, and nothing happens', async () => {
    await using world = await openEmspWorld({ store });
    await using behind = await openHubWorld(world, { clock });
    const before = world.steps.length;
    expect(await behind.hub.probe()).toMatchObject({ http: 200, data: expect.arrayContaining([expect.objectContaining({ version: '2.2.1' })]) });
    expect(world.steps.length).toBe(before);
  });

  test.each(['2.2.1', '2.3.0'] as const)('CRE-28: a node that registers at a hub of %s knows it as one', async (edition) => {
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
