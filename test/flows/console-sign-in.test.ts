import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { toSeconds } from '../../src/domain/units.ts';
import { codeAt, stepAt } from '../../src/node/console/totp.ts';
import { ask, errorOf } from '../operator-door.ts';
import { stores } from '../world.ts';
import { openBrowser, PASSWORD, signedIn } from './console.fixture.ts';
import { openPlatform } from './platform.fixture.ts';

const open = (more: Parameters<typeof openPlatform>[0] = {}) => openPlatform({ ...more, config: { console: {}, ...more.config } });

describe.each(stores)('signing in to the console (%s)', (store) => {
  test('SEC-36: by name and password, until one signs out; the store knows neither the password nor the cookie', async () => {
    await using it = await open({ store });
    const node = it.node();
    await node.users.add({ name: 'Anna', role: 'operate', password: PASSWORD, totp: false });
    const browser = openBrowser(node);
    expect((await browser.ask('GET me')).body).toEqual({ signed_in: false, ways: ['password'] });
    const answer = await browser.signIn('anna');
    expect(answer).toMatchObject({ status: 200, body: { signed_in: true, name: 'Anna', role: 'operate', via: 'password' } });
    expect(browser.cookies).toEqual([expect.stringMatching(/^evenkeel-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
    expect((await browser.ask('GET me')).body).toMatchObject({ signed_in: true, idle_until: expect.any(String), ends_at: expect.any(String) });
    expect((await browser.ask('GET sessions')).status).toBe(200);

    const secret = browser.cookie?.split('=')[1] ?? '';
    const rows = async (table: string) => JSON.stringify(await it.store.all({ name: table, sql: `SELECT * FROM ${table}`, values: [], read: (row) => row }));
    const kept = (await rows('console_user')) + (await rows('console_login')) + (await rows('audit'));
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(PASSWORD);

    const old = browser.cookie ?? '';
    expect((await browser.ask('POST logout')).status).toBe(200);
    expect(browser.cookie).toBeUndefined();
    expect((await ask(node.publicUrl, 'GET sessions', { headers: { cookie: old } })).status).toBe(401);
  });

  test('SEC-36: a code of the second factor is asked for, and is good for one login', async () => {
    await using it = await open({ store });
    const node = it.node();
    const added = await node.users.add({ name: 'anna', role: 'view', password: PASSWORD, totp: true });
    const secret = /secret=(\w+)/.exec((added.ok && added.value.otpauth) || '')?.[1] ?? '';
    const code = codeAt(fromBase32(secret), stepAt(toSeconds(Date.now() as never)));
    const browser = openBrowser(node);
    expect(errorOf(await browser.signIn('anna')).code).toBe('CODE_NEEDED');
    expect(errorOf(await browser.signIn('anna', { code: code === '000000' ? '000001' : '000000' })).code).toBe('UNAUTHENTICATED');
    expect((await browser.signIn('anna', { code })).status).toBe(200);
    expect(errorOf(await openBrowser(node).signIn('anna', { code })).code).toBe('UNAUTHENTICATED');
  });
});

/** The inverse of what an authenticator app is given. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((it) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(it).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
