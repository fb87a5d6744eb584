import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Cpo, type Emsp, type Faults, openCpo, openEmsp, type RecordedRequest } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { allPeers, peerById } from '../../src/store/sql/peer.ts';
import { openRawPeer } from '../test-client.ts';
import { BADGE, codeOf, credentials, inviteAt, openPlatform, type Platform, sendRequest, statusMessageOf } from './platform.fixture.ts';

const clock = realClock();
/** The token of the first request. */
const firstToken = ([first]: readonly RecordedRequest[]) => {
  if (!first) throw new Error('the node sent no request');
  return tokenOf(first);
};
const tokenOf = ({ headers }: RecordedRequest) => Buffer.from(String(headers.authorization).slice('Token '.length), 'base64').toString('utf8');

const envelope = (data: unknown) =>
  ({ is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, timestamp: '2026-01-31T09:30:00Z', data }) }) as const;
const listing = (...endpoints: [string, string][]) =>
  envelope({ version: '2.2.1', endpoints: endpoints.map(([identifier, url]) => ({ identifier, role: 'SENDER', url })) });
const credentialsUrl = 'http://127.0.0.1:PORT/ocpi/2.2.1/credentials';
/** Replaces PORT: each simulated platform has its own port. */
const faultsAt = (faults: Faults, versionsUrl: string): Faults => JSON.parse(JSON.stringify(faults).replaceAll('PORT', new URL(versionsUrl).port));
/** Faults of a platform that registers or changes its credentials, with the status code and the message that it gets (CRE-19 to CRE-21). */
const faultCases: [string, Faults, { code: number; message: string }][] = [
  ['versions are 401', { versions: { is: 'answer', http: 401 } }, { code: 3001, message: 'versions: http_4xx' }],
  ['versions are 500', { versions: { is: 'answer', http: 500 } }, { code: 3001, message: 'versions: http_5xx' }],
  ['versions are not JSON', { versions: { is: 'garbage' } }, { code: 3001, message: 'versions: bad_body' }],
  ['versions are 204', { versions: { is: 'no-content' } }, { code: 3001, message: 'versions: http_2xx' }],
  ['versions are a redirect', { versions: { is: 'redirect', to: `${credentialsUrl}/versions` } }, { code: 3001, message: 'versions: redirect' }],
  ['versions are endless', { versions: { is: 'endless' } }, { code: 3001, message: 'versions: bad_body' }],
  ['versions are cut off', { versions: { is: 'reset' } }, { code: 3001, message: 'versions:' }],
  ['versions are an OCPI error', { versions: { is: 'ocpi', code: 2000 } }, { code: 3001, message: 'versions: ocpi_2xxx' }],
  ['versions are an object', { versions: envelope({}) }, { code: 3001, message: 'versions: bad_body' }],
  ['versions are of other editions', { versions: envelope([{ version: '2.1.1', url: credentialsUrl }]) }, { code: 3002, message: 'versions: found 2.1.1' }],
  ['there are no versions', { versions: envelope([]) }, { code: 3002, message: 'versions: found none' }],
  ['a version has a relative URL', { versions: envelope([{ version: '2.2.1', url: '/ocpi/2.2.1' }]) }, { code: 3001, message: 'must be absolute' }],
  ['details are 401', { details: { is: 'answer', http: 401 } }, { code: 3001, message: 'version details: http_4xx' }],
  ['details are 500', { details: { is: 'answer', http: 500 } }, { code: 3001, message: 'version details: http_5xx' }],
  ['details are not JSON', { details: { is: 'garbage' } }, { code: 3001, message: 'version details: bad_body' }],
  ['details are a redirect', { details: { is: 'redirect', to: credentialsUrl } }, { code: 3001, message: 'version details: redirect' }],
  ['details are cut off', { details: { is: 'reset' } }, { code: 3001, message: 'version details:' }],
  ['there are no endpoints', { details: listing() }, { code: 3003, message: 'endpoints: missing credentials and sessions' }],
  ['credentials are missing', { details: listing(['sessions', credentialsUrl]) }, { code: 3003, message: 'endpoints: missing credentials' }],
  ['sessions are missing', { details: listing(['credentials', credentialsUrl]) }, { code: 3003, message: 'endpoints: missing sessions' }],
  [
    'an endpoint has a relative URL',
    { details: listing(['credentials', credentialsUrl], ['sessions', '/sessions']) },
    { code: 3001, message: 'must be absolute' },
  ],
];

describe('CRE-19, CRE-20, CRE-21, CRE-32, STA-11: a registration that fails half-way', () => {
  let platform: Platform;
  let emsp: Emsp;
  let invitation: { token: string; versions_url: string };
  beforeAll(async () => {
    platform = await openPlatform();
    emsp = await openEmsp({ clock });
    invitation = await inviteAt(platform, 'MSP');
  });
  afterAll(async () => {
    await emsp[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  async function expectNothingRegistered() {
    expect(await platform.store.first(peerById(peerId('NL*MSP')))).toMatchObject({ status: 'INVITED', encryptedToken: undefined, endpoints: [], origins: [] });
    const parties = { name: 'parties', sql: 'SELECT * FROM peer_party', values: [], read: (row: object) => row };
    expect(await platform.store.all(parties)).toEqual([]);
    const credential = { name: 'credentials', sql: 'SELECT kind FROM credential', values: [], read: (row: object) => ({ ...row }) };
    expect(await platform.store.all(credential)).toEqual([{ kind: 'INVITE' }]);
    expect(codeOf(await sendRequest(`GET ${invitation.versions_url}`, { token: invitation.token }))).toBe('200 1000');
  }

  test.each(faultCases)('CRE-19, CRE-20, CRE-21, CRE-32, STA-11, SEC-04: %s', async (_, faults, { code, message }) => {
    emsp.behave(faultsAt(faults, emsp.versionsUrl));
    const answer = await emsp.register(invitation);
    expect(codeOf(answer)).toBe(`200 ${code}`);
    expect(statusMessageOf(answer)).toContain(message);
    await expectNothingRegistered();
  });

  test('CRE-19, CRE-32: its versions URL refuses connections', async () => {
    const peer = await openEmsp({ clock });
    await peer[Symbol.asyncDispose]();
    const body = credentials('MSP', { token: 'token-b', url: peer.versionsUrl });
    const answer = await sendRequest(`POST ${platform.url}/ocpi/2.2.1/credentials`, { token: invitation.token, body });
    expect([codeOf(answer), statusMessageOf(answer)]).toEqual(['200 3001', expect.stringContaining('versions: refused')]);
    await expectNothingRegistered();
  });

  test('CRE-19, CRE-32: its versions URL accepts the request and never answers', async () => {
    const silent = await openRawPeer(() => undefined);
    const body = credentials('MSP', { token: 'token-b', url: `${silent.origin}/versions` });
    const answer = await sendRequest(`POST ${platform.url}/ocpi/2.2.1/credentials`, { token: invitation.token, body });
    expect([codeOf(answer), statusMessageOf(answer)]).toEqual(['200 3001', expect.stringContaining('versions: timeout')]);
    await expectNothingRegistered();
  });

  test('STA-11: it offers only 2.3.0 and posts to the 2.2.1 endpoint', async () => {
    await using newer = await openEmsp({ clock, edition: '2.3.0' });
    const body = credentials('MSP', { token: newer.invite().token, url: newer.versionsUrl });
    const answer = await sendRequest(`POST ${platform.url}/ocpi/2.2.1/credentials`, { token: invitation.token, body });
    expect([codeOf(answer), statusMessageOf(answer)]).toEqual(['200 3002', 'versions: found 2.3.0, needed 2.2.1']);
    await expectNothingRegistered();
  });

  test('CRE-08, CRE-32: after all these failures the same TOKEN_A still registers it', async () => {
    emsp.behave({});
    expect(codeOf(await emsp.register(invitation))).toBe('200 1000');
    expect(codeOf(await sendRequest(`GET ${invitation.versions_url}`, { token: emsp.peer().token }))).toBe('200 1000');
  });
});

describe('CRE-13, CRE-14, CRE-32: a change of credentials that fails half-way', () => {
  let platform: Platform;
  let emsp: Emsp;
  let tokens: { toPeer: string; toNode: string };
  beforeAll(async () => {
    platform = await openPlatform();
    emsp = await openEmsp({ clock });
    expect(codeOf(await emsp.register(await inviteAt(platform, 'MSP')))).toBe('200 1000');
    tokens = { toNode: emsp.peer().token, toPeer: firstToken(emsp.requests) };
  });
  afterAll(async () => {
    await emsp[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  test.each(faultCases)('CRE-13, CRE-14, CRE-32, STA-11: %s, and both old tokens stay valid', async (_, faults, { code }) => {
    emsp.behave(faultsAt(faults, emsp.versionsUrl));
    const before = await platform.store.first(peerById(peerId('NL*MSP')));
    const body = credentials('MSP', { token: emsp.invite().token, url: emsp.versionsUrl });
    expect(codeOf(await sendRequest(`PUT ${platform.url}/ocpi/2.2.1/credentials`, { token: tokens.toNode, body }))).toBe(`200 ${code}`);
    expect(await platform.store.first(peerById(peerId('NL*MSP')))).toEqual(before);
    expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/2.2.1/sender/sessions`, { token: tokens.toNode }))).toBe('200 1000');
  });

  test('CRE-32: after all these failures a session is still pushed with the old token', async () => {
    emsp.behave({});
    const before = emsp.requests.length;
    await platform.node().reserve({ evseUid: 'E1', tokenUid: BADGE });
    const push = await emsp.waitForRequest((it) => it.module === 'sessions' && emsp.requests.indexOf(it) >= before);
    expect(tokenOf(push)).toBe(tokens.toPeer);
  });
});

describe('CRE-20, CRE-32: a node that cannot register at a platform', () => {
  let platform: Platform;
  let cpo: Cpo;
  beforeAll(async () => {
    platform = await openPlatform({ role: 'EMSP' });
    cpo = await openCpo({ clock });
  });
  afterAll(async () => {
    await cpo[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  const credentialsData = (token: string) => ({
    token,
    url: credentialsUrl,
    roles: [{ role: 'CPO', country_code: 'NL', party_id: 'CPO', business_details: { name: 'x' } }],
  });
  test.each<[string, Faults]>([
    ...faultCases.map(([name, faults]): [string, Faults] => [name, faults]),
    ['POST is 401', { credentials: { is: 'answer', http: 401 } }],
    ['POST is 500', { credentials: { is: 'answer', http: 500 } }],
    ['POST gets no JSON', { credentials: { is: 'garbage' } }],
    ['POST is 3001', { credentials: { is: 'ocpi', code: 3001 } }],
    ['POST is cut off', { credentials: { is: 'reset' } }],
    ['POST is redirected', { credentials: { is: 'redirect', to: credentialsUrl } }],
    ['the answer has a token of 65 characters', { credentials: envelope(credentialsData('x'.repeat(65))) }],
    ['the answer has a token with a space', { credentials: envelope(credentialsData('x y')) }],
    ['the answer has no roles', { credentials: envelope({ ...credentialsData('x'), roles: [] }) }],
  ])('CRE-20, CRE-32: %s: the operator gets the problem, and nothing is stored', async (_, faults) => {
    cpo.behave(faultsAt(faults, cpo.versionsUrl));
    const before = cpo.requests.length;
    const { token, versions_url } = cpo.invite();
    const result = await platform.node().registration.register(versions_url, token);
    expect(result).toMatchObject({ ok: false, problem: expect.stringMatching(/.+/) });
    expect(result.ok ? '' : result.problem).not.toContain(token);
    expect(await platform.store.all(allPeers)).toEqual([]);
    const posts = cpo.requests.slice(before).filter((it) => it.method === 'POST');
    // CRE-20: nothing is posted when an endpoint is missing.
    expect(posts).toHaveLength('credentials' in faults ? 1 : 0);
    for (const post of posts) expect(codeOf(await sendRequest(`GET ${platform.url}/ocpi/versions`, { token: JSON.parse(post.body).token }))).toBe('401 2000');
  });

  test('CRE-32: after the platform has recovered, the node registers', async () => {
    cpo.behave({});
    const { token, versions_url } = cpo.invite();
    expect(await platform.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    expect((await cpo.send({ method: 'GET', url: `${platform.url}/ocpi/versions` })).http).toBe(200);
  });
});
