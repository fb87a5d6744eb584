import { describe, expect, test } from 'vitest';
import { epochMillis, toSeconds } from '../../src/domain/units.ts';
import { codeAt, stepAt } from '../../src/node/operators/totp.ts';
import { errorOf, openApiClient, requestApi } from '../operator-api.ts';
import { stores } from '../world.ts';
import { openBrowser, PASSWORD, signedIn } from './console.fixture.ts';
import { manualClock } from './manual-clock.fixture.ts';
import { openPlatform } from './platform.fixture.ts';

const open = (more: Parameters<typeof openPlatform>[0] = {}) => openPlatform({ ...more, config: { console: {}, ...more.config } });
const MINUTE = 60_000;

describe.each(stores)('signing in to the console (%s)', (store) => {
  test('SEC-36: by name and password, until sign-out; the store holds neither the password nor the cookie', async () => {
    await using it = await open({ store });
    const node = it.node();
    await node.users.add({ name: 'Anna', role: 'operate', password: PASSWORD, totp: false });
    const browser = openBrowser(node);
    expect((await browser.ask('GET me')).body).toEqual({ signed_in: false, ways: ['password'] });
    expect(await browser.signIn('anna')).toMatchObject({ status: 200, body: { signed_in: true, name: 'Anna', role: 'operate', via: 'password' } });
    expect(browser.cookies).toEqual([
      expect.stringMatching(/^evenkeel-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^evenkeel-known-\w{8}-\d+=[\w-]{65}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=15552000$/),
    ]);
    expect((await browser.ask('GET me')).body).toMatchObject({ signed_in: true, idle_until: expect.any(String), ends_at: expect.any(String) });
    expect((await browser.ask('GET sessions')).status).toBe(200);

    const rows = async (table: string) => JSON.stringify(await it.store.all({ name: table, sql: `SELECT * FROM ${table}`, values: [], read: (row) => row }));
    const stored = (await rows('console_user')) + (await rows('console_login')) + (await rows('audit'));
    expect(stored).not.toContain(browser.cookie?.split('=')[1]);
    expect(stored).not.toContain(PASSWORD);
    expect(await rows('audit')).not.toContain('Anna');

    const old = browser.cookie ?? '';
    expect((await browser.ask('POST logout')).status).toBe(200);
    expect(browser.cookie).toBeUndefined();
    expect((await requestApi(node.publicUrl, 'GET sessions', { headers: { cookie: old } })).status).toBe(401);
  });

  test('SEC-36: a second factor is required when the user has one, and each code is valid once', async () => {
    await using it = await open({ store });
    const node = it.node();
    const added = await node.users.add({ name: 'anna', role: 'view', password: PASSWORD, totp: true });
    const secret = /secret=(\w+)/.exec((added.ok && added.value.otpauth) || '')?.[1] ?? '';
    const code = codeAt(fromBase32(secret), stepAt(toSeconds(epochMillis(Date.now()))));
    const browser = openBrowser(node);
    expect(errorOf(await browser.signIn('anna')).code).toBe('CODE_NEEDED');
    expect(errorOf(await browser.signIn('anna', { code: code === '000000' ? '000001' : '000000' })).code).toBe('UNAUTHENTICATED');
    expect((await browser.signIn('anna', { code })).status).toBe(200);
    expect(errorOf(await openBrowser(node).signIn('anna', { code })).code).toBe('UNAUTHENTICATED');
  });

  test('SEC-36: a login ends after 15 minutes without use, and after 12 hours in any case', async () => {
    const clock = manualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
    await using it = await open({ store, clock });
    const browser = await signedIn(it.node(), 'view');
    const status = async (headers = {}) => (await browser.ask('GET sessions', undefined, headers)).status;
    clock.moveTime(14 * MINUTE);
    expect(await status()).toBe(200);
    clock.moveTime(14 * MINUTE);
    expect(await status({ 'x-evenkeel-background': '1' })).toBe(200);
    clock.moveTime(2 * MINUTE);
    expect(await status()).toBe(401); // background requests of the console do not extend the login

    await browser.signIn('view');
    for (let hours = 0; hours < 12; hours += 0.2) {
      clock.moveTime(12 * MINUTE);
      if (hours < 11.7) expect(await status()).toBe(200);
    }
    expect(await status()).toBe(401);
  });
});

describe('sign-ins and requests that are refused', () => {
  test('SEC-36: an unknown name and a wrong password get the same answer, and guessing is slowed down', async () => {
    await using it = await open();
    const node = it.node();
    await node.users.add({ name: 'anna', role: 'view', password: PASSWORD, totp: false });
    const browser = openBrowser(node);
    const wrong = await browser.signIn('anna', { password: 'five words of somebody else' });
    const unknown = await browser.signIn('bert');
    expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
    expect(errorOf(wrong).message).toBe('Wrong name, password or code');
    const statuses = await Promise.all([1, 2, 3, 4, 5].map(async () => (await browser.signIn('anna', { password: 'x' })).status));
    expect(statuses.toSorted()).toEqual([401, 401, 401, 401, 429]);
    const slow = await browser.signIn('anna');
    expect(errorOf(slow)).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    expect(Number(slow.headers.get('retry-after'))).toBeGreaterThan(0);
    const admin = await signedIn(node, 'admin');
    expect((await admin.ask('GET overview')).body).toMatchObject({ security: [{ kind: 'guessed-passwords' }] });
  });

  test('SEC-36: a new password, and the removal of a user, end open logins', async () => {
    await using it = await open();
    const node = it.node();
    const browser = await signedIn(node, 'view', 'anna');
    await node.users.setPassword('anna', 'other words of mine');
    expect((await browser.ask('GET sessions')).status).toBe(401);
    expect((await browser.signIn('anna')).status).toBe(401);
    expect((await browser.signIn('anna', { password: 'other words of mine' })).status).toBe(200);
    await node.users.remove('anna');
    expect((await browser.ask('GET sessions')).status).toBe(401);
  });

  test('SEC-39: a role allows its requests and no others, and keys work as well', async () => {
    await using it = await open();
    const node = it.node();
    const [view, operate, admin] = [await signedIn(node, 'view'), await signedIn(node, 'operate'), await signedIn(node, 'admin')];
    const may = async (line: string) => Promise.all([view, operate, admin].map(async (it) => (await it.ask(line)).status !== 403));
    expect(await may('GET overview')).toEqual([true, true, true]);
    expect(await may('POST parties/NL*XYZ/halt')).toEqual([false, true, true]);
    expect(await may('DELETE contracts/none')).toEqual([false, false, true]);
    expect(await may('GET users')).toEqual([false, false, true]);
    const system = await openApiClient(node, 'operate');
    expect((await system.request('POST parties/NL*XYZ/resume')).body).toEqual({ halted: [] });
    expect(errorOf(await system.request('GET users')).message).toContain('--scope admin');
    expect((await system.request('GET me')).body).toMatchObject({ signed_in: true, role: 'operate', via: 'key' });
  });

  test('SEC-37: a request with a cookie that acts is refused unless the console sent it', async () => {
    await using it = await open();
    const node = it.node();
    const browser = await signedIn(node, 'admin');
    const line = 'POST parties/NL*XYZ/halt';
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'x-evenkeel': '' }, { 'x-evenkeel': '2' }]) {
      const answer = await browser.ask(line, undefined, headers);
      expect([answer.status, errorOf(answer).code]).toEqual([403, 'FORBIDDEN']);
    }
    const noOrigin = await requestApi(node.publicUrl, line, { headers: { cookie: browser.cookie ?? '', 'x-evenkeel': '1' } });
    expect([noOrigin.status, errorOf(noOrigin).message]).toEqual([403, expect.stringContaining(node.publicUrl)]);
    const read = await requestApi(node.publicUrl, 'GET sessions/NONE/active-charging-profile', { headers: { cookie: browser.cookie ?? '' } });
    expect(read.status).toBe(403);
    const login = await requestApi(node.publicUrl, 'POST login', {
      body: { name: 'admin', password: PASSWORD },
      headers: { origin: 'https://evil.example', 'x-evenkeel': '1' },
    });
    expect([login.status, login.headers.getSetCookie()]).toEqual([403, []]);
    expect((await browser.ask('GET parties/halted')).body).toEqual({ items: [] });
    expect((await browser.ask(line)).body).toEqual({ halted: ['NL*XYZ'] });
  });

  test('SEC-36: a node without a console refuses sign-ins and serves no page', async () => {
    await using it = await openPlatform();
    const node = it.node();
    await node.users.add({ name: 'anna', role: 'view', password: PASSWORD, totp: false });
    const browser = openBrowser(node);
    expect((await browser.ask('GET me')).body).toEqual({ signed_in: false, ways: [] });
    expect((await browser.signIn('anna')).status).toBe(404);
    expect((await fetch(`${node.publicUrl}/console/`)).status).toBe(404);
  });
});

/** Decodes base32. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((it) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(it).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
