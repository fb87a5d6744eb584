import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Cpo, type Emsp, openCpo, openEmsp } from '../../sim/partner.ts';
import { addressKind } from '../../src/delivery/guard/address.ts';
import { peerId } from '../../src/domain/ids.ts';
import { peerById } from '../../src/store/sql/peer.ts';
import { remoteSession } from '../emsp-world.ts';
import { forbiddenUrls } from '../forbidden-urls.ts';
import { plainAnswer, type RawPeer, startRawPeer } from '../raw-peer.ts';
import { openWorld } from '../world.ts';
import { codeOf, credentials, inviteAt, openPlatform, type Platform, sendRequest, statusMessageOf } from './platform.fixture.ts';

const clock = realClock();
const envelope = (data: unknown) =>
  ({ is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, timestamp: '2026-01-31T09:30:00Z', data }) }) as const;
/** Listeners that must receive no connection. */
async function openCanaries(): Promise<{ port: number; connections(): number } & AsyncDisposable> {
  const answer: Parameters<typeof startRawPeer>[0] = (socket) => socket.write(plainAnswer('{}'));
  const first = await startRawPeer(answer);
  const others = await Promise.all(['127.0.0.2', '127.255.255.254', '::1'].map((host) => startRawPeer(answer, host, first.port).catch(() => undefined)));
  const all = [first, ...others.filter((it): it is RawPeer => it !== undefined)];
  return {
    port: first.port,
    connections: () => all.reduce((sum, it) => sum + it.connections(), 0),
    [Symbol.asyncDispose]: async () => {
      for (const it of all) await it[Symbol.asyncDispose]();
    },
  };
}

/** With insecure_http a node may connect to local addresses in their plain spelling; only the node that requires https is tested with those. */
function isAllowedWithInsecureHttp(url: string): boolean {
  const [, host = ''] = /^https?:\/\/([^/:?#@]+|\[[^\]]+\])(?::\d+)?(?:[/?]|$)/i.exec(url) ?? [];
  return (
    addressKind(host.replace(/^\[|\]$/g, '')) === 'local' ||
    /^(localhost(\.localdomain)?|metadata\.google\.internal|cpo\.example\S*|evil\.example)$/i.test(host)
  );
}

describe('a forbidden URL in credentials, at a node that requires https', () => {
  let platform: Platform;
  let door: string;
  let canaries: Awaited<ReturnType<typeof openCanaries>>;
  let invitation: { token: string };
  let registered: { token: string; url: string };
  beforeAll(async () => {
    canaries = await openCanaries();
    platform = await openPlatform();
    const emsp = await openEmsp({ clock });
    await emsp.register(await inviteAt(platform, 'MSP'));
    registered = { token: emsp.peer().token, url: emsp.versionsUrl };
    await emsp[Symbol.asyncDispose]();
    invitation = await inviteAt(platform, 'ABC');
    const { port } = new URL(platform.url);
    // Behind a proxy for HTTPS; the requests of this test do not pass it.
    await platform.restart({ insecure_http: false, public_url: `https://127.0.0.1:${port}` });
    door = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await platform[Symbol.asyncDispose]();
    await canaries[Symbol.asyncDispose]();
  });

  // Unknown host names are left out: their lookup takes as long as the name server needs.
  const urls = (port: number) => forbiddenUrls(port).filter((url) => !/localhost|internal|\bcpo\.example|evil\.example|a@b/i.test(url) || /[@\\。]/.test(url));
  test.each(['POST', 'PUT'])('SEC-02, CRE-19, VER-13: %s is refused, and no connection is opened', async (method) => {
    const token = method === 'POST' ? invitation.token : registered.token;
    const party_id = method === 'POST' ? 'ABC' : 'MSP';
    for (const url of [...urls(canaries.port), registered.url]) {
      const answer = await sendRequest(`${method} ${door}/ocpi/2.2.1/credentials`, { token, body: credentials(party_id, { token: 'token-b', url }) });
      expect([url, answer.http, [2001, 3001].includes(Number(answer.envelope.status_code))]).toEqual([url, 200, true]);
    }
    expect(canaries.connections()).toBe(0);
    // The invitation and the registration stay valid.
    const path = method === 'POST' ? '/ocpi/versions' : '/ocpi/2.2.1/sender/sessions';
    expect(codeOf(await sendRequest(`GET ${door}${path}`, { token }))).toBe('200 1000');
    expect((await platform.store.first(peerById(peerId('NL*MSP'))))?.versionsUrl).toBe(registered.url);
  });
});

describe('a forbidden URL in versions and version details', () => {
  let platform: Platform;
  let emsp: Emsp;
  let canaries: Awaited<ReturnType<typeof openCanaries>>;
  let invitation: { token: string; versions_url: string };
  beforeAll(async () => {
    canaries = await openCanaries();
    platform = await openPlatform();
    emsp = await openEmsp({ clock });
    invitation = await inviteAt(platform, 'MSP');
  });
  afterAll(async () => {
    await emsp[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
    await canaries[Symbol.asyncDispose]();
  });

  const urls = () => forbiddenUrls(canaries.port).filter((url) => !isAllowedWithInsecureHttp(url));
  const post = () => {
    const body = credentials('MSP', { token: emsp.invite().token, url: emsp.versionsUrl });
    return sendRequest(`POST ${platform.url}/ocpi/2.2.1/credentials`, { token: invitation.token, body });
  };

  test('SEC-02: more than 130 URLs are forbidden also with insecure_http', () => expect(urls().length).toBeGreaterThan(130));

  test('SEC-02: in version.url is refused, and no connection is opened', async () => {
    for (const url of urls()) {
      emsp.behave({ versions: envelope([{ version: '2.2.1', url }]) });
      const answer = await post();
      expect([url, answer.http, answer.envelope.status_code]).toEqual([url, 200, url === '' ? 3002 : 3001]);
    }
    expect(canaries.connections()).toBe(0);
  });

  test('SEC-02: in endpoint.url is refused, and no connection is opened', async () => {
    const own = new URL(emsp.versionsUrl).origin;
    for (const url of urls()) {
      const endpoints = [
        { identifier: 'credentials', role: 'SENDER', url: `${own}/c` },
        { identifier: 'sessions', role: 'RECEIVER', url },
      ];
      emsp.behave({ details: envelope({ version: '2.2.1', endpoints }) });
      const answer = await post();
      expect([url, answer.http, answer.envelope.status_code]).toEqual([url, 200, 3001]);
    }
    expect(canaries.connections()).toBe(0);
    expect((await platform.store.first(peerById(peerId('NL*MSP'))))?.status).toBe('INVITED');
  });
});

describe('a forbidden URL in a Link header', () => {
  test('SEC-02, TRN-29: is not followed, and gets no token', async () => {
    await using canaries = await openCanaries();
    await using platform = await openPlatform({ role: 'EMSP', party_id: 'EVK' });
    await using cpo: Cpo = await openCpo({ clock });
    expect(codeOf(await cpo.register(await inviteAt(platform, 'CPO', 'CPO')))).toBe('200 1000');
    await cpo.waitForRequest((it) => it.module === 'sessions');
    // A header holds printable ASCII only: the other URLs are left out.
    const urls = [`http://127.0.0.1:${canaries.port}/`, ...forbiddenUrls(canaries.port).filter((it) => /^[\x20-\x7e]+$/.test(it))];
    const page = { status_code: 1000, timestamp: '2026-01-31T09:30:00Z', data: [remoteSession('L1')] };
    for (const url of urls) {
      const linked = plainAnswer(JSON.stringify(page)).replace('\r\n', `\r\nlink: <${url}>; rel="next"\r\n`);
      // A relative URL leads back to the same server: its second answer ends the pull.
      await using server = await startRawPeer((socket, request) => socket.write(request === 1 ? linked : plainAnswer('{}', '500 No')));
      const endpoints = [
        { identifier: 'credentials', role: 'SENDER', url: cpo.versionsUrl },
        { identifier: 'sessions', role: 'SENDER', url: `${server.origin}/sessions` },
      ];
      cpo.behave({ details: envelope({ version: '2.2.1', endpoints }) });
      const before = platform.log.length;
      expect(codeOf(await cpo.rotate())).toBe('200 1000');
      // The pull that follows always fails, and is postponed so soon after the registration.
      await platform.logged((line) => platform.log.indexOf(line) >= before && line.event === 'peer-pull-postponed');
      expect([url, server.received.join('').includes('GET /sessions?')]).toEqual([url, true]);
    }
    expect(canaries.connections()).toBe(0);
  });
});

describe('a forbidden response_url', () => {
  test('SEC-01, SEC-06, CP-12: an origin that is not the one of the sender is 2001 in every spelling, and nothing is sent to it', async () => {
    await using canaries = await openCanaries();
    await using world = await openWorld();
    const emsp = await world.emsp();
    await using other = await openEmsp({ clock, party: { country_code: 'NL', party_id: 'TNM' } });
    const station = await world.station('CP-16');
    const session = await world.charging(emsp, station);
    const url = `${world.node().publicUrl}/ocpi/2.2.1/receiver/chargingprofiles/${session}`;
    const { token } = emsp.peer();
    const charging_profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 6 }] };
    for (const response_url of [...forbiddenUrls(canaries.port), other.versionsUrl, `${emsp.versionsUrl.replace('127.0.0.1', '127.0.0.1.')}`]) {
      const query = `response_url=${encodeURIComponent(response_url)}`;
      const answers = await Promise.all([
        sendRequest(`PUT ${url}`, { token, body: { charging_profile, response_url } }),
        sendRequest(`GET ${url}?duration=900&${query}`, { token }),
        sendRequest(`DELETE ${url}?${query}`, { token }),
      ]);
      for (const it of answers) expect([response_url, codeOf(it)]).toEqual([response_url, '200 2001']);
      for (const it of answers) expect(statusMessageOf(it)).toContain('response_url');
    }
    expect(world.steps.filter((it) => it.step === 'sending')).toEqual([]);
    expect([canaries.connections(), other.requests]).toEqual([0, []]);
  });
});
