import { describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { type Cpo, type Emsp, type Fault, openCpo, openEmsp, type PartnerAnswer, type RecordedRequest } from '../../sim/partner.ts';
import { peerId } from '../../src/domain/ids.ts';
import { epochMillis, seconds } from '../../src/domain/units.ts';
import { peerById } from '../../src/store/sql/peer.ts';
import type { Store } from '../../src/store/store.ts';
import { stores } from '../world.ts';
import { manualClock } from './manual-clock.fixture.ts';
import { BADGE, codeOf, credentials, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const MSP = peerId('NL*MSP');
const noon = epochMillis(Date.parse('2026-01-31T12:00:00Z'));
const tokenOf = ({ headers }: RecordedRequest) => Buffer.from(String(headers.authorization).slice('Token '.length), 'base64').toString('utf8');

async function registeredEmsp(platform: Platform, options: Partial<Parameters<typeof openEmsp>[0]> = {}): Promise<Emsp> {
  const emsp = await openEmsp({ clock: realClock(), ...options });
  expect(codeOf(await emsp.register(await inviteAt(platform, emsp.role.party_id)))).toBe('200 1000');
  return emsp;
}
const sessions = (platform: Platform, token: string) => sendRequest(`GET ${platform.url}/ocpi/2.2.1/sender/sessions`, { token });
/** Makes the node push a session, and waits for it. */
async function pushTo(emsp: Emsp, platform: Platform): Promise<RecordedRequest> {
  const before = emsp.requests.length;
  await platform.node().reserve({ evseUid: 'E1', tokenUid: BADGE });
  return emsp.waitForRequest((it) => it.method === 'PUT' && it.module !== 'credentials' && emsp.requests.indexOf(it) >= before);
}
const edition = async (platform: Platform) => (await platform.store.first(peerById(MSP)))?.edition;

describe.each(stores)('a peer changes its credentials (%s)', (store) => {
  test('CRE-13, CRE-14: the node reads its endpoints again with its new token, and issues a new token', async () => {
    await using platform = await openPlatform({ store });
    await using emsp = await registeredEmsp(platform);
    const old = emsp.peer().token;
    const before = emsp.requests.length;
    expect(codeOf(await emsp.rotate())).toBe('200 1000');
    expect(emsp.requests.slice(before).map((it) => `${it.method} ${it.module}`)).toEqual(['GET versions', 'GET details']);
    expect(new Set(emsp.requests.map(tokenOf)).size).toBe(2);
    expect(emsp.peer().token).not.toBe(old);
    // CRE-10: GET returns the token of the request.
    expect((await sendRequest(`GET ${platform.url}/ocpi/2.2.1/credentials`, { token: emsp.peer().token })).data).toMatchObject({ token: emsp.peer().token });
    expect(tokenOf(await pushTo(emsp, platform))).toBe(tokenOf(emsp.requests[before] ?? (await emsp.waitForRequest(() => false))));
  });

  test('CRE-14, CRE-32: the old token stays valid until the first use of the new one', async () => {
    await using platform = await openPlatform({ store });
    await using emsp = await registeredEmsp(platform);
    const old = emsp.peer().token;
    await emsp.rotate();
    expect(codeOf(await sessions(platform, old))).toBe('200 1000');
    expect(codeOf(await sessions(platform, old))).toBe('200 1000');
    expect(codeOf(await sessions(platform, emsp.peer().token))).toBe('200 1000');
    expect(codeOf(await sessions(platform, old))).toBe('401 2000');
    expect(codeOf(await sessions(platform, emsp.peer().token))).toBe('200 1000');
  });

  test('CRE-14: the old token stays valid across a restart, for at most ten minutes', async () => {
    const clock = manualClock(noon);
    await using platform = await openPlatform({ store, clock });
    await using emsp = await registeredEmsp(platform, { clock });
    const old = emsp.peer().token;
    await emsp.rotate();
    clock.moveTime(10 * MINUTE - 1);
    await platform.restart();
    expect(codeOf(await sessions(platform, old))).toBe('200 1000');
    clock.moveTime(2_000);
    expect(codeOf(await sessions(platform, old))).toBe('401 2000');
    expect(codeOf(await sessions(platform, emsp.peer().token))).toBe('200 1000');
  });
});

describe('a peer changes its endpoints, edition or roles', () => {
  test('CRE-13, TRN-51: requests go to the new URL of a moved endpoint', async () => {
    await using platform = await openPlatform();
    await using emsp = await registeredEmsp(platform);
    const { origin } = new URL(emsp.versionsUrl);
    const moved = [
      { identifier: 'credentials', role: 'SENDER', url: `${origin}/ocpi/2.2.1/credentials` },
      { identifier: 'sessions', role: 'RECEIVER', url: `${origin}/moved/to?tenant=7` },
    ];
    emsp.behave({ details: { is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, data: { version: '2.2.1', endpoints: moved } }) } });
    expect(codeOf(await emsp.rotate())).toBe('200 1000');
    expect((await pushTo(emsp, platform)).url).toMatch(/\/moved\/to\/NL\/EVK\/[^/?]+\?tenant=7$/);
  });

  test('CRE-13: a PUT to the other edition changes the edition, and another PUT changes it back', async () => {
    await using platform = await openPlatform();
    await using emsp = await registeredEmsp(platform);
    const details = `${new URL(emsp.versionsUrl).origin}/ocpi/2.2.1`;
    const both = ['2.2.1', '2.3.0'].map((version) => ({ version, url: details }));
    emsp.behave({ versions: { is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, data: both }) } });
    expect(await edition(platform)).toBe('2.2.1');
    let { token } = emsp.peer();
    for (const to of ['2.3.0', '2.2.1']) {
      const body = credentials('MSP', { token: emsp.invite().token, url: emsp.versionsUrl });
      const answer: PartnerAnswer = await sendRequest(`PUT ${platform.url}/ocpi/${to}/credentials`, { token, body });
      expect([codeOf(answer), await edition(platform)]).toEqual(['200 1000', to]);
      token = JSON.parse(answer.text).data.token;
    }
  });

  test('CRE-33: a PUT cannot add a party beyond the invitation', async () => {
    await using platform = await openPlatform();
    await using emsp = await registeredEmsp(platform);
    const roles = ['MSP', 'TNM'].map((party_id) => ({ role: 'EMSP', country_code: 'NL', party_id, business_details: { name: 'x' } }));
    const body = credentials('MSP', { token: emsp.invite().token, url: emsp.versionsUrl }, { roles });
    expect(codeOf(await sendRequest(`PUT ${platform.url}/ocpi/2.2.1/credentials`, { token: emsp.peer().token, body }))).toBe('200 1000');
    expect((await platform.store.first(peerById(MSP)))?.roles.map((it) => it.party_id)).toEqual(['MSP']);
  });
});

describe.each(stores)('a node changes its own credentials (%s)', (store) => {
  test('CRE-22: both tokens are replaced at once, and the old one ends with the first use of the new one', async () => {
    await using platform = await openPlatform({ store });
    await using emsp = await registeredEmsp(platform);
    const before = { toPeer: tokenOf(await pushTo(emsp, platform)), toNode: emsp.peer().token };
    expect(await platform.node().registration.rotate(MSP)).toMatchObject({ ok: true });
    const put = await emsp.waitForRequest((it) => it.module === 'credentials');
    expect([put.method, tokenOf(put)]).toEqual(['PUT', before.toPeer]);
    expect(JSON.parse(put.body)).toMatchObject({ url: `${platform.url}/ocpi/versions`, token: emsp.peer().token });
    expect(emsp.peer().token).not.toBe(before.toNode);
    expect(tokenOf(await pushTo(emsp, platform))).not.toBe(before.toPeer);
    expect(codeOf(await sessions(platform, before.toNode))).toBe('200 1000');
    expect(codeOf(await sessions(platform, emsp.peer().token))).toBe('200 1000');
    expect(codeOf(await sessions(platform, before.toNode))).toBe('401 2000');
  });

  test('CRE-22: the old token is refused after a minute at the latest, and at once on request', async () => {
    const clock = manualClock(noon);
    await using platform = await openPlatform({ store, clock });
    await using emsp = await registeredEmsp(platform, { clock });
    const first = emsp.peer().token;
    await platform.node().registration.rotate(MSP);
    clock.moveTime(59_000);
    expect(codeOf(await sessions(platform, first))).toBe('200 1000');
    clock.moveTime(2_000);
    expect(codeOf(await sessions(platform, first))).toBe('401 2000');
    const second = emsp.peer().token;
    expect(codeOf(await sessions(platform, second))).toBe('200 1000');
    await platform.node().registration.rotate(MSP, seconds(0));
    expect(codeOf(await sessions(platform, second))).toBe('401 2000');
    expect(codeOf(await sessions(platform, emsp.peer().token))).toBe('200 1000');
  });
});

describe('CRE-22, CRE-32: a failed change of the own credentials of a node', () => {
  test.each<[string, Fault]>([
    ['401', { is: 'answer', http: 401 }],
    ['500', { is: 'answer', http: 500 }],
    ['no JSON', { is: 'garbage' }],
    ['3001', { is: 'ocpi', code: 3001 }],
    ['cut off', { is: 'reset' }],
  ])('CRE-22, CRE-32: when the answer to its PUT is %s, the operator gets the problem and the old tokens stay valid', async (_, fault) => {
    await using platform = await openPlatform();
    await using emsp = await registeredEmsp(platform);
    const [toPeer, toNode] = [tokenOf(await pushTo(emsp, platform)), emsp.peer().token];
    emsp.behave({ credentials: fault });
    expect(await platform.node().registration.rotate(MSP)).toMatchObject({ ok: false, problem: expect.stringContaining('the old tokens go on') });
    expect(codeOf(await sessions(platform, toNode))).toBe('200 1000');
    expect(tokenOf(await pushTo(emsp, platform))).toBe(toPeer);
  });

  test('CRE-13, VER-08: the edition of the PUT stays in use, also when the peer offers a newer one meanwhile', async () => {
    await using platform = await openPlatform();
    await using emsp = await registeredEmsp(platform);
    const details = `${new URL(emsp.versionsUrl).origin}/ocpi/2.2.1`;
    const both = ['2.2.1', '2.3.0'].map((version) => ({ version, url: details }));
    emsp.behave({ versions: { is: 'answer', http: 200, body: JSON.stringify({ status_code: 1000, data: both }) } });
    expect(await platform.node().registration.rotate(MSP)).toMatchObject({ ok: true });
    expect(await edition(platform)).toBe('2.2.1');
  });
});

describe('a token that ends during its lookup', () => {
  test('CRE-14, CRE-22: is not cached as valid', async () => {
    let hold: Promise<void> | undefined;
    let reading = () => {};
    const slowStore = (store: Store): Store => ({
      ...store,
      first: async (query) => {
        const row = await store.first(query);
        if (query.name !== 'bearer-of' || !hold) return row;
        reading();
        await hold;
        return row;
      },
    });
    await using platform = await openPlatform({ aroundStore: slowStore });
    await using emsp = await registeredEmsp(platform);
    const old = emsp.peer().token;
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const began = new Promise<void>((resolve) => {
      reading = resolve;
    });
    hold = promise;
    const early = sessions(platform, old);
    await began;
    hold = undefined;
    expect(await platform.node().registration.rotate(MSP, seconds(0))).toMatchObject({ ok: true });
    release();
    expect(codeOf(await early)).toBe('200 1000');
    expect(codeOf(await sessions(platform, old))).toBe('401 2000');
  });
});

describe('an unused invitation', () => {
  test('CRE-01, SEC-10: is valid for a week; a newer one replaces the older one', async () => {
    const clock = manualClock(noon);
    await using platform = await openPlatform({ clock });
    const [first, second] = [await inviteAt(platform, 'MSP'), await inviteAt(platform, 'MSP')];
    const versions = async ({ token }: { token: string }) => codeOf(await sendRequest(`GET ${platform.url}/ocpi/versions`, { token }));
    expect([await versions(first), await versions(second)]).toEqual(['401 2000', '200 1000']);
    clock.moveTime(7 * DAY - 1_000);
    expect(await versions(second)).toBe('200 1000');
    clock.moveTime(2_000);
    expect(await versions(second)).toBe('401 2000');
    await using emsp = await openEmsp({ clock });
    expect(codeOf(await emsp.register(await inviteAt(platform, 'MSP')))).toBe('200 1000');
  });
});

describe('CRE-23: a node renews its tokens every month', () => {
  const renewals = (peer: Cpo | Emsp) => peer.requests.filter((it) => it.method === 'PUT' && it.module === 'credentials').length;

  test('CRE-23: not before 28 days, then once, and again a month later', async () => {
    const clock = manualClock(noon);
    await using platform = await openPlatform({ clock });
    await using emsp = await registeredEmsp(platform, { clock });
    const renew = async (days: number, renewed: boolean) => {
      clock.moveTime(days * DAY);
      const done = renewed ? platform.nextStep('peer-registered') : undefined;
      expect(clock.fireTimers(0.8 * DAY, 1.2 * DAY)).toBe(1);
      await done;
      // This check is done when the timer of the next check is set.
      while (!clock.pendingTimers().some((it) => it >= 0.8 * DAY && it <= 1.2 * DAY)) await new Promise((turn) => setImmediate(turn));
    };
    await renew(27, false);
    expect(renewals(emsp)).toBe(0);
    const old = emsp.peer().token;
    await renew(2, true);
    expect(renewals(emsp)).toBe(1);
    expect(codeOf(await sessions(platform, emsp.peer().token))).toBe('200 1000');
    expect(codeOf(await sessions(platform, old))).toBe('401 2000');
    await renew(1, false);
    expect(renewals(emsp)).toBe(1);
    await renew(28, true);
    expect(renewals(emsp)).toBe(2);
  });

  test('CRE-23: a failed renewal is logged as an error, and the old token stays in use', async () => {
    const clock = manualClock(noon);
    await using platform = await openPlatform({ role: 'EMSP', clock });
    await using cpo = await openCpo({ clock });
    const { token, versions_url } = cpo.invite();
    expect(await platform.node().registration.register(versions_url, token)).toMatchObject({ ok: true });
    cpo.behave({ credentials: { is: 'answer', http: 500 } });
    clock.moveTime(29 * DAY);
    clock.fireTimers(0.8 * DAY, 1.2 * DAY);
    const line = await platform.logged((it) => it.level === 'error');
    expect(line.facts).toMatchObject({ what: 'token renewal with NL*CPO', error: expect.stringContaining('the old tokens go on') });
    expect(renewals(cpo)).toBe(1);
  });
});
