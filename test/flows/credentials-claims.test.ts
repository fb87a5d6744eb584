import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Emsp, openCpo, openEmsp } from '../../sim/partner.ts';
import { asPartyKey, peerId } from '../../src/domain/ids.ts';
import { allClaims } from '../../src/store/sql/claim.ts';
import { peerById, peerOfParty } from '../../src/store/sql/peer.ts';
import { stores } from '../world.ts';
import { codeOf, credentials, inviteAt, openPlatform, type Platform, sendRequest, statusMessageOf } from './platform.fixture.ts';

const clock = realClock();
const MSP = peerId('NL*MSP');
const roleOf = (party_id: string, role = 'EMSP') => ({ role, country_code: 'NL', party_id, business_details: { name: party_id } });
const at = (platform: Platform) => `${platform.url}/ocpi/2.2.1/credentials`;

async function registered(platform: Platform, party_id = 'MSP'): Promise<Emsp> {
  const emsp = await openEmsp({ clock, party: { country_code: 'NL', party_id } });
  expect(codeOf(await emsp.register(await inviteAt(platform, party_id)))).toBe('200 1000');
  return emsp;
}
/** PUTs credentials with these roles; resolves with the answer and the token that is valid afterwards. */
async function claim(platform: Platform, { emsp, token }: { emsp: Emsp; token: string }, roles: readonly object[]) {
  const body = credentials('MSP', { token: emsp.invite().token, url: emsp.versionsUrl }, { roles });
  const answer = await sendRequest(`PUT ${at(platform)}`, { token, body });
  return { answer, token: codeOf(answer) === '200 1000' ? String(JSON.parse(answer.text).data.token) : token };
}
const held = async ({ store }: Platform) => (await store.all(allClaims)).map(({ peer, role }) => `${peer} ${role.role} ${role.party_id}`);
const events = ({ steps }: Platform) => steps.filter((it) => it.step === 'security' && it.kind === 'party-claimed');
const rolesAt = async ({ store }: Platform, id = MSP) => (await store.first(peerById(id)))?.roles.map((it) => `${it.role} ${it.party_id}`);
/** The status of a request in the name of a party. */
const statusAs = async (platform: Platform, token: string, party: string) =>
  codeOf(
    await sendRequest(`GET ${platform.url}/ocpi/2.2.1/sender/sessions`, { token, headers: { 'OCPI-from-country-code': 'NL', 'OCPI-from-party-id': party } }),
  );
const approve = (platform: Platform, party: string) => platform.node().registration.approve(MSP, asPartyKey(`NL*${party}`));

describe.each(stores)('a party that a peer claims beyond its invitation (%s)', (store) => {
  test('CRE-33: is held after a PUT, and is added when the operator approves it', async () => {
    await using platform = await openPlatform({ store });
    await using emsp = await registered(platform);
    const { answer, token } = await claim(platform, { emsp, token: emsp.peer().token }, [roleOf('MSP'), roleOf('TNM'), roleOf('TNM', 'SCSP')]);
    expect(codeOf(answer)).toBe('200 1000');
    expect([await rolesAt(platform), await held(platform)]).toEqual([['EMSP MSP'], ['NL*MSP EMSP TNM', 'NL*MSP SCSP TNM']]);
    expect(events(platform)).toMatchObject([
      {
        peer: MSP,
        says: 'NL*MSP claims EMSP NL*TNM and 1 more, which it was not let in with: held until evenkeel approve --peer NL*MSP --party NL*TNM',
      },
    ]);
    expect([await statusAs(platform, token, 'MSP'), await statusAs(platform, token, 'TNM')]).toEqual(['200 1000', '200 2001']);

    expect(await approve(platform, 'TNM')).toMatchObject({ ok: true, value: { id: MSP } });
    expect([await rolesAt(platform), await held(platform)]).toEqual([['EMSP MSP', 'EMSP TNM', 'SCSP TNM'], []]);
    expect((await platform.store.first(peerOfParty('EMSP', asPartyKey('NL*TNM'))))?.id).toBe(MSP);
    expect(await statusAs(platform, token, 'TNM')).toBe('200 1000');
  });

  test('CRE-33: is held and cannot be approved when it belongs to another peer or to this node, and their registrations do not change', async () => {
    await using platform = await openPlatform({ store });
    await using owner = await registered(platform, 'TNM');
    const before = await platform.store.first(peerById(peerId('NL*TNM')));
    await using claimant = await openEmsp({ clock });
    const { token } = await inviteAt(platform, 'MSP');
    const roles = [roleOf('MSP'), roleOf('TNM'), roleOf('EVK', 'CPO')];
    const body = credentials('MSP', { token: claimant.invite().token, url: claimant.versionsUrl }, { roles });
    const answer = await sendRequest(`POST ${at(platform)}`, { token, body });
    expect(codeOf(answer)).toBe('200 1000');
    expect([await rolesAt(platform), await held(platform), events(platform).length]).toEqual([['EMSP MSP'], ['NL*MSP CPO EVK', 'NL*MSP EMSP TNM'], 1]);

    expect(await approve(platform, 'TNM')).toEqual({ ok: false, problem: 'NL*TNM speaks for NL*TNM: evenkeel unregister --peer NL*TNM first' });
    expect(await approve(platform, 'EVK')).toEqual({ ok: false, problem: 'NL*EVK is our own party: nobody else can speak for it in that role' });
    expect(await approve(platform, 'ABC')).toEqual({ ok: false, problem: 'NL*MSP claims no NL*ABC: evenkeel peers shows what is held' });
    expect(await platform.store.first(peerById(peerId('NL*TNM')))).toEqual(before);
    expect([await rolesAt(platform), (await held(platform)).length]).toEqual([['EMSP MSP'], 2]);
    expect(await statusAs(platform, owner.peer().token, 'TNM')).toBe('200 1000');
  });

  test('CRE-33: is not held any more after the peer drops it or unregisters', async () => {
    await using platform = await openPlatform({ store });
    await using emsp = await registered(platform);
    const first = await claim(platform, { emsp, token: emsp.peer().token }, [roleOf('MSP'), roleOf('TNM'), roleOf('ABC')]);
    const second = await claim(platform, { emsp, token: first.token }, [roleOf('MSP'), roleOf('ABC')]);
    expect(await held(platform)).toEqual(['NL*MSP EMSP ABC']);
    expect(codeOf(await sendRequest(`DELETE ${at(platform)}`, { token: second.token }))).toBe('200 1000');
    expect(await held(platform)).toEqual([]);
  });
});

describe('a party that a peer claims beyond its invitation', () => {
  test('CRE-33: is refused and held when it is the only party; after the approval the same invitation registers it', async () => {
    await using platform = await openPlatform();
    await using emsp = await openEmsp({ clock });
    const { token } = await inviteAt(platform, 'MSP');
    const body = credentials('MSP', { token: emsp.invite().token, url: emsp.versionsUrl }, { roles: [roleOf('TNM')] });
    const refused = await sendRequest(`POST ${at(platform)}`, { token, body });
    expect([codeOf(refused), statusMessageOf(refused), await held(platform)]).toEqual([
      '200 2001',
      'roles: found EMSP NL*TNM, invited was EMSP NL*MSP',
      ['NL*MSP EMSP TNM'],
    ]);
    expect(await platform.store.first(peerOfParty('EMSP', asPartyKey('NL*TNM')))).toBeUndefined();
    await approve(platform, 'TNM');
    expect(await platform.store.first(peerOfParty('EMSP', asPartyKey('NL*TNM')))).toBeUndefined();
    expect(codeOf(await sendRequest(`POST ${at(platform)}`, { token, body }))).toBe('200 1000');
    expect(await rolesAt(platform)).toEqual(['EMSP TNM']);
  });

  test('CRE-33: cannot be approved in a role for which the platform offers no modules', async () => {
    await using platform = await openPlatform();
    await using emsp = await registered(platform);
    await claim(platform, { emsp, token: emsp.peer().token }, [roleOf('MSP'), roleOf('CHG', 'CPO')]);
    expect(await approve(platform, 'CHG')).toEqual({
      ok: false,
      problem: 'NL*MSP cannot speak for CPO NL*CHG: endpoints: missing sessions as SENDER',
    });
  });

  test('CRE-33: is stored for at most a hundred parties of a peer', async () => {
    await using platform = await openPlatform();
    await using emsp = await registered(platform);
    const many = Array.from({ length: 150 }, (_, n) => roleOf(String(n + 100)));
    await claim(platform, { emsp, token: emsp.peer().token }, [roleOf('MSP'), ...many]);
    expect([(await held(platform)).length, events(platform).length, await rolesAt(platform)]).toEqual([100, 1, ['EMSP MSP']]);
  });

  test('CRE-33: stays approved when the node changes its own credentials; further parties in the answer are held', async () => {
    await using platform = await openPlatform();
    await using emsp = await openEmsp({ clock, moreRoles: [roleOf('TNM'), roleOf('ABC')] });
    await emsp.register(await inviteAt(platform, 'MSP'));
    await approve(platform, 'TNM');
    expect(await platform.node().registration.rotate(MSP)).toMatchObject({ ok: true });
    expect([await rolesAt(platform), await held(platform)]).toEqual([['EMSP MSP', 'EMSP TNM'], ['NL*MSP EMSP ABC']]);
  });

  test('CRE-33: is held also when the node registers at the platform, if it belongs to this node or to another peer', async () => {
    await using platform = await openPlatform({ role: 'EMSP', party_id: 'EVM' });
    const party = (party_id: string) => ({ country_code: 'NL', party_id });
    await using first = await openCpo({ clock, party: party('CPO') });
    await using second = await openCpo({ clock, party: party('CPX'), moreRoles: [roleOf('CPO', 'CPO'), roleOf('EVM', 'CPO'), roleOf('CPY', 'CPO')] });
    await using third = await openCpo({ clock, party: party('CPO') });
    const register = async (cpo: typeof first) => {
      const { token, versions_url } = cpo.invite();
      return platform.node().registration.register(versions_url, token);
    };
    await register(first);
    expect(await register(second)).toMatchObject({ ok: true, value: { id: 'NL*CPX' } });
    expect([await rolesAt(platform, peerId('NL*CPX')), await held(platform)]).toEqual([
      ['CPO CPX', 'CPO CPY'],
      ['NL*CPX CPO CPO', 'NL*CPX CPO EVM'],
    ]);
    expect((await platform.store.first(peerOfParty('CPO', asPartyKey('NL*CPO'))))?.id).toBe('NL*CPO');
    expect(await register(third)).toEqual({ ok: false, problem: 'NL*CPO is registered already: evenkeel unregister --peer NL*CPO first' });
  });
});
