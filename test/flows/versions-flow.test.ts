import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Emsp, openCpo, openEmsp } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { peerById } from '../../src/store/sql/peer.ts';
import { codeOf, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

interface Listed {
  version: string;
  url: string;
}
interface Detail {
  version: string;
  endpoints: { identifier: string; role: string; url: string }[];
}
const clock = realClock();
const versionsAt = async (platform: Platform, token: string): Promise<Listed[]> =>
  JSON.parse((await sendRequest(`GET ${platform.url}/ocpi/versions`, { token })).text).data;
const detailsAt = async (url: string, token: string): Promise<Detail> => JSON.parse((await sendRequest(`GET ${url}`, { token })).text).data;

describe.each(['CPO', 'EMSP'] as const)('what a node that is %s offers', (role) => {
  let platform: Platform;
  let token: string;
  let peer: Emsp;
  beforeAll(async () => {
    platform = await openPlatform({ role, party_id: 'EVK' });
    peer = await openEmsp({ clock });
    await peer.register(await inviteAt(platform, 'MSP'));
    token = peer.peer().token;
  });
  afterAll(async () => {
    await peer[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  test('VER-01, VER-02, VER-03, VER-04, TRN-40, TRN-52: each version has an absolute address that names it, and details behind it', async () => {
    const versions = await versionsAt(platform, token);
    expect(versions.map((it) => it.version)).toEqual(['2.2.1', '2.3.0']);
    for (const { version, url } of versions) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
      expect(url).toContain(version);
      const details = await detailsAt(url, token);
      expect(details.version).toBe(version);
      for (const it of details.endpoints) {
        expect(Object.keys(it).sort()).toEqual(['identifier', 'role', 'url']);
        expect(it.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/ocpi/${version}/`));
      }
    }
  });

  test('VER-05, VER-06, VER-07, VER-09, VER-11: credentials once as SENDER, each module once for each interface, none of our own; an eMSP also takes requests of SCSPs', async () => {
    for (const { url } of await versionsAt(platform, token)) {
      const names = (await detailsAt(url, token)).endpoints.map((it) => `${it.identifier} ${it.role}`);
      const interfaces =
        role === 'CPO'
          ? ['chargingprofiles RECEIVER', 'hubclientinfo RECEIVER', 'locations SENDER', 'sessions SENDER', 'tokens RECEIVER']
          : [
              'chargingprofiles RECEIVER',
              'chargingprofiles SENDER',
              'hubclientinfo RECEIVER',
              'locations RECEIVER',
              'sessions RECEIVER',
              'sessions SENDER',
              'tokens SENDER',
            ];
      expect(names.sort()).toEqual(['credentials SENDER', ...interfaces].sort());
    }
  });

  test('VER-02: what is offered is there', async () => {
    for (const { url } of await versionsAt(platform, token)) {
      for (const { identifier, url: address } of (await detailsAt(url, token)).endpoints) {
        const answer = await sendRequest(`GET ${address}${identifier === 'chargingprofiles' ? '/S1?duration=900&response_url=http://127.0.0.1/x' : ''}`, {
          token,
        });
        expect([identifier, answer.http]).not.toEqual([identifier, 401]);
        expect(answer.envelope.status_message).not.toBe('No such route');
      }
    }
  });
});

describe('versions as a probe', () => {
  test('VER-14: TOKEN_A, TOKEN_B and TOKEN_C may ask for versions a thousand times, and nothing is written', async () => {
    await using platform = await openPlatform({ role: 'EMSP' });
    await using cpo = await openCpo({ clock });
    const { token, versions_url } = cpo.invite();
    expect(await platform.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    await using emsp = await openEmsp({ clock });
    await emsp.register(await inviteAt(platform, 'TNM'));
    const { token: tokenA } = await inviteAt(platform, 'ABC');
    await cpo.waitForRequest((it) => it.module === 'sessions');
    await platform.store.commit([]);
    const rows = async () => JSON.stringify(await Promise.all(['peer', 'credential', 'watermark', 'event'].map((it) => platform.store.all(tableOf(it)))));
    const before = await rows();
    for (let n = 0; n < 100; n++) {
      const tokens = [tokenA, cpo.peer().token];
      const answers = await Promise.all(Array.from({ length: 10 }, (_, k) => sendRequest(`GET ${platform.url}/ocpi/versions`, { token: tokens[k % 2] ?? '' })));
      expect(new Set(answers.map(codeOf))).toEqual(new Set(['200 1000']));
    }
    expect(await rows()).toBe(before);
  });
});
const tableOf = (name: string) => ({ name: `rows-of-${name}`, sql: `SELECT * FROM ${name}`, values: [], read: (row: object) => ({ ...row }) });

describe('VER-08, VER-10, STA-11: the version that a node chooses', () => {
  const DETAILS = 'DETAILS';
  test.each([
    [['2.1.1'], undefined],
    [['2.2.1'], '2.2.1'],
    [['2.3.0'], '2.3.0'],
    [['2.3.0', '2.2.1'], '2.3.0'],
    [['2.2.1', '2.3.0'], '2.3.0'],
    [['2.1.1', '2.2', '2.2.1'], '2.2.1'],
    [['9.9'], undefined],
    [['3.0-rc', '2.3.0', 'xx'], '2.3.0'],
    [[], undefined],
  ])('VER-08, VER-10, STA-11: of %j it takes %s', async (offered, taken) => {
    await using platform = await openPlatform({ role: 'EMSP' });
    await using cpo = await openCpo({ clock });
    const details = `${new URL(cpo.versionsUrl).origin}/ocpi/2.2.1`;
    const data = offered.map((version) => ({ version, url: version === taken ? details : `http://127.0.0.1/${DETAILS}` }));
    cpo.behave({ versions: { is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, timestamp: '2026-01-31T09:30:00Z', data }) } });
    const { token, versions_url } = cpo.invite();
    const found = await platform.node().registration.register(versions_url, token);
    if (taken) expect(found).toMatchObject({ ok: true, value: { edition: taken } });
    else expect(found).toMatchObject({ ok: false, problem: expect.stringContaining('needed 2.2.1 or 2.3.0') });
    // VER-08: without a version in common it goes no further.
    expect(cpo.requests.some((it) => it.module === 'details')).toBe(taken !== undefined);
  });

  test.each([
    ['SENDER', ['SENDER']],
    ['RECEIVER', ['RECEIVER']],
    ['both', ['SENDER', 'RECEIVER']],
  ])('VER-06, VER-09, VER-10: credentials listed as %s, and modules that nobody knows, are no hindrance', async (_, roles) => {
    await using platform = await openPlatform({ role: 'EMSP' });
    await using cpo = await openCpo({ clock });
    const { origin } = new URL(cpo.versionsUrl);
    const endpoints = [
      ...roles.map((role) => ({ identifier: 'credentials', role, url: `${origin}/ocpi/2.2.1/credentials` })),
      { identifier: 'sessions', role: 'SENDER', url: `${origin}/ocpi/cpo/2.2.1/sessions` },
      { identifier: 'invoicereconciliation', role: 'SENDER', url: `${origin}/i` },
      { identifier: 'xx-custom', role: 'RECEIVER', url: `${origin}/x`, since: 2026 },
    ];
    cpo.behave({ details: { is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, data: { version: '2.2.1', endpoints } }) } });
    const { token, versions_url } = cpo.invite();
    expect(await platform.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    const peer = await platform.store.first(peerById(peerId('NL*CPO')));
    expect(peer?.endpoints.map((it) => it.identifier)).toContain('xx-custom');
    await cpo.waitForRequest((it) => it.module === 'sessions');
  });
});
