import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Cpo, type Emsp, openCpo, openEmsp, type RecordedRequest } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { fingerprint } from '../../src/store/encryption.ts';
import { addCredential, peerById } from '../../src/store/sql/peer.ts';
import { stores } from '../world.ts';
import { codeOf, credentials, inviteAt, openPlatform, type Platform, sendRequest, statusMessageOf } from './platform.fixture.ts';

const clock = realClock();
const tokenOf = ({ headers }: RecordedRequest) => Buffer.from(String(headers.authorization).slice('Token '.length), 'base64').toString('utf8');
const bitsOf = (token: string) => Buffer.from(token, 'base64url').length * 8;
const tokenIn = ({ body }: { body: string }): string => JSON.parse(body).token;

describe.each(stores)('a platform registers at a node (%s)', (store) => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await openPlatform({ store, config: { strict_peers: ['NL*R06'] } });
  });
  afterAll(() => platform[Symbol.asyncDispose]());

  /** A remote eMSP with an unused invitation. */
  async function invited(party_id: string): Promise<{ emsp: Emsp; tokenA: string; invitation: { token: string; versions_url: string } }> {
    const emsp = await openEmsp({ clock, party: { country_code: 'NL', party_id } });
    const invitation = await inviteAt(platform, party_id);
    return { emsp, invitation, tokenA: invitation.token };
  }
  const at = (edition = '2.2.1') => `${platform.url}/ocpi/${edition}/credentials`;

  test('CRE-01, TRN-06: each invitation has a token of 256 bits that no other peer can get', async () => {
    const tokens = new Set<string>();
    for (let n = 0; n < 50; n++) tokens.add((await inviteAt(platform, `I${n + 10}`)).token);
    expect(tokens.size).toBe(50);
    expect(Math.min(...[...tokens].map(bitsOf))).toBeGreaterThanOrEqual(256);
    const [token = ''] = tokens;
    const other = addCredential(fingerprint(token), peerId('NL*I11'), { kind: 'ACCESS' });
    await expect(platform.store.commit([other])).rejects.toThrow(/unique/i);
  });

  test('CRE-05, CRE-06, CRE-11: during the POST the node reads versions and details once with TOKEN_B, and issues a new TOKEN_C', async () => {
    const { emsp, invitation, tokenA } = await invited('R01');
    await using _ = emsp;
    const answer = await emsp.register(invitation);
    expect(codeOf(answer)).toBe('200 1000');
    expect(emsp.requests.map((it) => `${it.method} ${it.module}`)).toEqual(['GET versions', 'GET details']);
    const tokensB = new Set(emsp.requests.map(tokenOf));
    expect(tokensB.size).toBe(1);
    const tokenC = emsp.peer().token;
    expect(new Set([tokenA, ...tokensB, tokenC]).size).toBe(3);
    expect(bitsOf(tokenC)).toBeGreaterThanOrEqual(256);
  });

  test('CRE-08: TOKEN_A is refused everywhere after the registration, also by the versions endpoint', async () => {
    const { emsp, invitation, tokenA: token } = await invited('R02');
    await using _ = emsp;
    await emsp.register(invitation);
    const lines = [
      'GET /ocpi/versions',
      'GET /ocpi/2.2.1',
      'GET /ocpi/2.3.0',
      ...['GET', 'POST', 'PUT', 'DELETE'].map((it) => `${it} /ocpi/2.2.1/credentials`),
    ];
    const answers = await Promise.all(lines.map((it) => sendRequest(it.replace('/', `${platform.url}/`), { token })));
    expect(answers.map(codeOf)).toEqual(lines.map(() => '401 2000'));
  });

  test('CRE-09, CRE-10, CRE-25: GET returns the token of the request, the versions URL and the roles of the node', async () => {
    const { emsp, invitation } = await invited('R03');
    await using _ = emsp;
    await emsp.register(invitation);
    const { token } = emsp.peer();
    const { data } = await sendRequest(`GET ${at()}`, { token });
    expect(data).toEqual({
      token,
      url: `${platform.url}/ocpi/versions`,
      roles: [expect.objectContaining({ role: 'CPO', country_code: 'NL', party_id: 'EVK' })],
    });
    const versions = await sendRequest(`GET ${platform.url}/ocpi/versions`, { token });
    expect(versions.data).toHaveLength(2);
  });

  test('CRE-12, CRE-15, CRE-17, CRE-18: a method that does not fit the state of the registration is 405, and changes nothing', async () => {
    const { emsp, invitation, tokenA } = await invited('R04');
    await using _ = emsp;
    const body = credentials('R04', { token: 'token-b', url: emsp.versionsUrl });
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect([method, codeOf(await sendRequest(`${method} ${at()}`, { token: tokenA, ...(method !== 'DELETE' && { body }) }))]).toEqual([method, '405 2000']);
    expect(emsp.requests).toEqual([]);
    expect(codeOf(await emsp.register(invitation))).toBe('200 1000');
    const { token } = emsp.peer();
    const again = await sendRequest(`POST ${at()}`, { token, body });
    expect(codeOf(again)).toBe('405 2000');
    expect(again.headers.get('allow')).toBe('GET, PUT, DELETE');
    expect(codeOf(await sendRequest(`PATCH ${at()}`, { token, body }))).toBe('405 2000');
    expect(codeOf(await sendRequest(`GET ${at()}`, { token }))).toBe('200 1000');
  });

  test('CRE-08, SEC-10: of 50 concurrent POSTs with one TOKEN_A exactly one succeeds', async () => {
    const { emsp, tokenA } = await invited('R05');
    await using _ = emsp;
    const { token: tokenB } = emsp.invite(); // a token that its versions endpoint accepts
    const body = credentials('R05', { token: tokenB, url: emsp.versionsUrl });
    const answers = await Promise.all(Array.from({ length: 50 }, () => sendRequest(`POST ${at()}`, { token: tokenA, body })));
    const succeeded = answers.filter((it) => it.envelope.status_code === 1000);
    expect(succeeded).toHaveLength(1);
    const { token } = JSON.parse(succeeded[0]?.text ?? '').data;
    expect(codeOf(await sendRequest(`GET ${at()}`, { token }))).toBe('200 1000');
    const dataOfRefused = answers.filter((it) => it !== succeeded[0]).flatMap((it) => (it.data === undefined ? [] : [it.text]));
    expect(dataOfRefused).toEqual([]);
    const sessions = await Promise.all([1, 2].map(() => sendRequest(`GET ${platform.url}/ocpi/2.2.1/sender/sessions`, { token })));
    expect(sessions.map(codeOf)).toEqual(['200 1000', '200 1000']);
  });

  describe('CRE-24, CRE-26, CRE-30, STA-02, STA-09, TYP-09, TYP-11, TYP-14, VER-13: invalid credentials of a strict peer', () => {
    test.each([
      ['CRE-24: an empty token', { token: '' }, 'token:'],
      ['CRE-24: a token of 65 characters', { token: 'x'.repeat(65) }, 'token:'],
      ['CRE-24: a space in the token', { token: 'a b' }, 'token:'],
      ['CRE-24: a line break in the token', { token: 'ab\n' }, 'token:'],
      ['CRE-24: DEL in the token', { token: 'ab\u007f' }, 'token:'],
      ['CRE-24: ü in the token', { token: 'abü' }, 'token:'],
      ['CRE-26: no role', { roles: [] }, 'roles:'],
      ['CRE-26: one role twice', { roles: ['R06', 'R06'].map(roleFor) }, 'roles:'],
      ['CRE-26: one role in two spellings', { roles: ['R06', 'r06'].map(roleFor) }, 'roles:'],
      ['CRE-30: a role without business_details', { roles: [{ role: 'EMSP', country_code: 'NL', party_id: 'R06' }] }, 'roles[0].business_details'],
      ['CRE-30: a party of four characters', { roles: [roleFor('R066')] }, 'roles[0].party_id'],
      ['TYP-09: a url of 256 characters', { url: `https://x.example/${'x'.repeat(238)}` }, 'url:'],
      ['VER-13: a relative url', { url: '/ocpi/versions' }, 'url:'],
      ['TYP-11: an unknown role', { roles: [{ ...roleFor('R06'), role: 'EMPEROR' }] }, 'roles[0].role'],
      ['TYP-14: a role in lower case', { roles: [{ ...roleFor('R06'), role: 'emsp' }] }, 'roles[0].role'],
      ['CRE-33: a party that was not invited', { roles: [roleFor('XXX')] }, 'roles:'],
      ['CRE-33: another role of the invited party', { roles: [{ ...roleFor('R06'), role: 'CPO' }] }, 'roles:'],
    ])('%s is 2001 with the field named, and the invitation stays valid', async (_, fields, field) => {
      const { token } = await inviteAt(platform, 'R06');
      const answer = await sendRequest(`POST ${at()}`, {
        token,
        body: credentials('R06', { token: 'token-b', url: 'https://msp.example/ocpi/versions' }, fields),
      });
      expect(codeOf(answer)).toBe('200 2001');
      expect(statusMessageOf(answer)).toContain(field);
      expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/versions`, { token }))).toBe('200 1000');
    });
  });

  test.each([1, 64])('CRE-24: a token of %i characters from ! to ~ is used unchanged', async (length) => {
    const { emsp, tokenA } = await invited(`T${length + 10}`);
    await using _ = emsp;
    const tokenB = '!~'.repeat(32).slice(0, length);
    const answer = await sendRequest(`POST ${at()}`, { token: tokenA, body: credentials(`T${length + 10}`, { token: tokenB, url: emsp.versionsUrl }) });
    // The simulated platform refuses this token; the test checks the token that the node sent.
    expect(codeOf(answer)).toBe('200 3001');
    // F-42: first in Base64, then raw, since some platforms read no Base64
    const [first, second] = emsp.requests;
    expect([first && tokenOf(first), second?.headers.authorization]).toEqual([tokenB, `Token ${tokenB}`]);
  });

  test('CRE-27, CRE-33: of 50 parties on one platform only the invited one is registered', async () => {
    const { emsp, tokenA } = await invited('R07');
    await using _ = emsp;
    const others = Array.from({ length: 49 }, (_it, n) => roleFor(`W${n + 10}`));
    const body = credentials('R07', { token: emsp.invite().token, url: emsp.versionsUrl }, { roles: [...others, roleFor('R07')] });
    expect(codeOf(await sendRequest(`POST ${at()}`, { token: tokenA, body }))).toBe('200 1000');
    const peer = await platform.store.first(peerById(peerId('NL*R07')));
    expect(peer?.roles.map((it) => it.party_id)).toEqual(['R07']);
  });

  test('CRE-33: a party that another peer speaks for can be neither invited nor claimed', async () => {
    const { emsp, invitation } = await invited('R08');
    await using _ = emsp;
    await emsp.register(invitation);
    expect(await platform.node().registration.invite({ role: 'EMSP', country_code: 'nl', party_id: 'r08' })).toMatchObject({ ok: false });
    const claimant = await invited('R09');
    await using __ = claimant.emsp;
    const body = credentials('R09', { token: 'token-b', url: claimant.emsp.versionsUrl }, { roles: [roleFor('R08')] });
    expect(codeOf(await sendRequest(`POST ${at()}`, { token: claimant.tokenA, body }))).toBe('200 2001');
    const both = { ...body, token: claimant.emsp.invite().token, roles: [roleFor('R08'), roleFor('R09')] };
    expect(codeOf(await sendRequest(`POST ${at()}`, { token: claimant.tokenA, body: both }))).toBe('200 1000');
    expect((await platform.store.first(peerById(peerId('NL*R09'))))?.roles.map((it) => it.party_id)).toEqual(['R09']);
  });

  test('CRE-28: a hub of 2.3.0 is named by hub_party_id, one of 2.2.1 by its role', async () => {
    await using hub = await openEmsp({ clock, edition: '2.3.0', party: { country_code: 'NL', party_id: 'R1A' } });
    const { token } = await inviteAt(platform, 'R1A');
    const body = credentials('R1A', { token: hub.invite().token, url: hub.versionsUrl }, { hub_party_id: 'NLHUB' });
    expect(codeOf(await sendRequest(`POST ${at('2.3.0')}`, { token, body: { ...body, hub_party_id: 'NLHUBB' } }))).toBe('200 2001');
    expect(codeOf(await sendRequest(`POST ${at('2.3.0')}`, { token, body }))).toBe('200 1000');
    await using old = await openEmsp({ clock, party: { country_code: 'NL', party_id: 'R1B' } });
    const invitation = await inviteAt(platform, 'R1B', 'HUB');
    const roles = [{ ...roleFor('R1B'), role: 'HUB' }];
    const answer = await sendRequest(`POST ${at()}`, {
      token: invitation.token,
      body: credentials('R1B', { token: old.invite().token, url: old.versionsUrl }, { roles }),
    });
    expect(codeOf(answer)).toBe('200 1000');
  });

  test('CRE-02, SEC-08: no token appears in the log, or in clear text in the store', async () => {
    const { emsp, invitation, tokenA } = await invited('R1C');
    await using _ = emsp;
    await emsp.register(invitation);
    const secrets = [tokenA, emsp.peer().token, ...emsp.requests.map(tokenOf)];
    const dump = JSON.stringify(platform.log) + JSON.stringify(platform.steps) + JSON.stringify(await platform.store.all(everything));
    expect(secrets.filter((it) => dump.includes(it))).toEqual([]);
  });
});

const roleFor = (party_id: string) => ({ role: 'EMSP', country_code: 'NL', party_id, business_details: { name: party_id } });
const everything = {
  name: 'everything',
  sql: 'SELECT peer.*, credential.hash FROM peer LEFT JOIN credential ON credential.peer = peer.id',
  values: [],
  read: (row: object) => row,
};

describe.each(stores)('a node registers at a platform (%s)', (store) => {
  test('CRE-03, CRE-04, CRE-07, CRE-09: it sends versions, details and POST with TOKEN_A, and everything later with TOKEN_C', async () => {
    await using node = await openPlatform({ store, role: 'EMSP' });
    await using cpo: Cpo = await openCpo({ clock });
    const { token: tokenA, versions_url } = cpo.invite();
    expect(await node.node().registration.register(versions_url, tokenA)).toMatchObject({ ok: true, value: { id: 'NL*CPO', status: 'REGISTERED' } });
    await cpo.waitForRequest((it) => it.module === 'sessions');
    const [versions, details, post, ...later] = cpo.requests;
    expect([versions, details, post].map((it) => it && `${it.method} ${it.module} ${tokenOf(it) === tokenA}`)).toEqual([
      'GET versions true',
      'GET details true',
      'POST credentials true',
    ]);
    const tokenB = tokenIn(post ?? { body: '{}' });
    expect(tokenB).not.toBe(tokenA);
    expect(bitsOf(tokenB)).toBeGreaterThanOrEqual(256);
    expect(cpo.peer().token).toBe(tokenB);
    expect(later.length).toBeGreaterThan(0);
    expect(new Set(later.map(tokenOf)).has(tokenA)).toBe(false);
    expect(new Set(later.map(tokenOf)).size).toBe(1);
    // The node accepts TOKEN_B.
    expect((await cpo.send({ method: 'GET', url: `${node.url}/ocpi/versions` })).envelope.status_code).toBe(1000);
  });
});
