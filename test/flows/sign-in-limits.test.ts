import { expect, onTestFinished, test } from 'vitest';
import { epochMillis } from '../../src/domain/units.ts';
import type { Node } from '../../src/node/node.ts';
import { createUsers } from '../../src/node/operators/users.ts';
import { encryptWith } from '../../src/store/encryption.ts';
import { openStore } from '../../src/store/open.ts';
import { type Answer, errorOf } from '../operator-api.ts';
import { type Browser, openBrowser, PASSWORD } from './console.fixture.ts';
import { manualClock } from './manual-clock.fixture.ts';
import { openPlatform } from './platform.fixture.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A node behind a reverse proxy on this machine, with the users anna and bert. */
async function openProxied() {
  const clock = manualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  const listen = { host: '127.0.0.1', port: 0, trusted_proxies: ['127.0.0.1'], connections: { total: 2_000, per_address: 200 } };
  const platform = await openPlatform({ clock, config: { console: {}, listen } });
  onTestFinished(() => platform[Symbol.asyncDispose]());
  const node = platform.node();
  for (const name of ['anna', 'bert']) await node.users.add({ name, role: 'admin', password: PASSWORD, totp: false });
  return { clock, node };
}

/** One attempt through the proxy, from one client address. */
const attempt = (browser: Browser, name: string, more: { password?: string; from?: string } = {}): Promise<Answer> =>
  browser.ask('POST login', { name, password: more.password ?? PASSWORD }, { 'x-forwarded-for': more.from ?? '203.0.113.1' });
const statusOf = async (browser: Browser, name: string, more: { password?: string; from?: string } = {}) => (await attempt(browser, name, more)).status;
const guess = async (node: Node, count: number, nameOf: (n: number) => string) => {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push(await statusOf(openBrowser(node), nameOf(n), { password: 'a wrong password' }));
  return statuses;
};

test('R-09: wrong names from an address do not lock out an operator whose browser is known there, also after signing out', async () => {
  const { node } = await openProxied();
  const known = openBrowser(node);
  expect(await statusOf(known, 'anna')).toBe(200);
  expect((await known.ask('POST logout')).status).toBe(200);
  expect(known.cookie).toBeUndefined();

  const guesses = await guess(node, 30, (n) => `nobody-${n}`);
  expect(guesses.at(-1)).toBe(429);
  expect(await statusOf(openBrowser(node), 'anna')).toBe(429); // an unknown browser at that address waits
  expect(await statusOf(known, 'Anna')).toBe(200);
});

test('R-09: wrong passwords for the name itself, from everywhere, do not lock out its known browser', async () => {
  const { node } = await openProxied();
  const known = openBrowser(node);
  await attempt(known, 'anna');
  for (let n = 0; n < 60; n++) await attempt(openBrowser(node), 'anna', { password: 'a wrong password', from: `198.51.100.${n}` });
  expect(await statusOf(openBrowser(node), 'anna', { from: '198.51.100.200' })).toBe(429);
  expect(await statusOf(known, 'anna', { from: '198.51.100.1' })).toBe(200);
});

test('R-09: a login gives back what it took, so that a whole office behind one address can sign in', async () => {
  const { node, clock } = await openProxied();
  for (let n = 0; n < 40; n++) {
    expect([n, await statusOf(openBrowser(node), n % 2 ? 'anna' : 'bert', { password: 'a typing error' })]).toEqual([n, 401]);
    expect([n, await statusOf(openBrowser(node), n % 2 ? 'anna' : 'bert')]).toEqual([n, 200]);
  }
  // What was taken for other names stays taken.
  expect(await guess(node, 21, (n) => `nobody-${n}`)).toEqual([...Array(20).fill(401), 429]);
  expect(await statusOf(openBrowser(node), 'anna')).toBe(429);
  clock.moveTime(10_000);
  expect(await statusOf(openBrowser(node), 'anna')).toBe(200);
  expect(await guess(node, 1, () => 'nobody')).toEqual([401]);
  expect(await guess(node, 1, () => 'nobody')).toEqual([429]);
});

test('R-09: a known browser has a budget that ends, and that nobody else pays', async () => {
  const { node, clock } = await openProxied();
  const [known, other] = [openBrowser(node), openBrowser(node)];
  await attempt(known, 'anna');
  await attempt(other, 'anna');
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) statuses.push(await statusOf(known, 'anna', { password: 'a wrong password' }));
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  expect(errorOf(await attempt(known, 'anna'))).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  expect(await statusOf(other, 'anna')).toBe(200);
  expect(await statusOf(openBrowser(node), 'anna')).toBe(200);
  clock.moveTime(MINUTE);
  expect(await statusOf(known, 'anna')).toBe(200);
});

test('R-09: a browser is known for the names that signed in there, for 180 days, and only by a cookie of this node', async () => {
  const { node, clock } = await openProxied();
  const known = openBrowser(node);
  await attempt(known, 'anna');
  await guess(node, 20, (n) => `nobody-${n}`);
  expect(await statusOf(known, 'bert')).toBe(429);
  clock.moveTime(10 * MINUTE);
  await attempt(known, 'bert');
  await guess(node, 20, (n) => `nobody-${n}`);
  expect([await statusOf(known, 'anna'), await statusOf(known, 'bert')]).toEqual([200, 200]);

  const forged = openBrowser(node);
  for (const [name, value] of known.jar) if (name.includes('-known-')) forged.jar.set(name, `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`);
  expect(await statusOf(forged, 'anna')).toBe(429);

  clock.moveTime(180 * DAY);
  await guess(node, 20, (n) => `nobody-${n}`);
  expect(await statusOf(known, 'anna')).toBe(429);
});

test('R-09: nothing tells a guesser whether a name exists', async () => {
  const { node } = await openProxied();
  await attempt(openBrowser(node), 'anna');
  const answers = async (name: string, from: string) => {
    const all: unknown[] = [];
    for (let n = 0; n < 7; n++) {
      const { status, text, headers } = await attempt(openBrowser(node), name, { password: 'a wrong password', from });
      all.push([status, text, headers.get('retry-after'), headers.getSetCookie()]);
    }
    return all;
  };
  expect(await answers('anna', '203.0.113.7')).toEqual(await answers('nobody', '203.0.113.8'));
});

test('R-09: while others keep the check of passwords busy, a known browser is still checked', async () => {
  await using store = await openStore(':memory:');
  const users = createUsers({ store, encryption: encryptWith(Buffer.alloc(32)), clock: manualClock(epochMillis(0)) }, { log2N: 4, r: 8, p: 1 });
  await users.add({ name: 'anna', role: 'view', password: PASSWORD, totp: false });
  const typed = { name: 'anna', password: PASSWORD, code: undefined };
  const others = Array.from({ length: 25 }, () => users.verify(typed));
  const known = users.verify(typed, 'known browser');
  expect((await Promise.all(others)).map((it) => it.is)).toEqual([...Array(20).fill('known'), ...Array(5).fill('busy')]);
  expect(await known).toMatchObject({ is: 'known' });
});

test('R-09: over https the cookie of a known browser is Secure and bound to the host', async () => {
  const { knownBrowserCookie } = await import('../../src/node/operators/cookie.ts');
  const set = knownBrowserCookie('https://ocpi.example.com', { tag: 'ABCD1234', seconds: 10 }).set('x');
  expect(set).toBe('__Host-evenkeel-known-ABCD1234=x; Path=/; HttpOnly; SameSite=Strict; Max-Age=10; Secure');
});
