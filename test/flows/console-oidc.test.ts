import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeIssuer, openFakeIssuer } from '../fake-issuer.ts';
import { apiAt, at, openBrowser } from './console.fixture.ts';
import { openPlatform } from './platform.fixture.ts';

const CLIENT = { id: 'evenkeel', secret: 'a-secret-of-the-client' };

async function openWith(issuer: FakeIssuer, stack: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-oidc-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), `${CLIENT.secret}\n`);
  const oidc = {
    issuer: issuer.url,
    client_id: CLIENT.id,
    client_secret_file: join(folder, 'secret'),
    scope: 'openid profile',
    role_claim: 'realm_access.roles',
    name_claim: 'preferred_username',
    roles: { admin: 'ev-admins' },
  };
  return stack.use(await openPlatform({ config: { console: { oidc } } }));
}

/** One sign-in at the issuer; returns the answer of the node and the cookies that it sets. */
async function signInAtIssuer(url: string, issuer: FakeIssuer, change: (back: URL) => void = () => undefined) {
  const begun = await fetch(`${url}/api/v1/login/oidc`, { redirect: 'manual' });
  const [pending = ''] = begun.headers.getSetCookie();
  const back = issuer.authorize(begun.headers.get('location') ?? '');
  change(back);
  const cookie = pending.split(';')[0] ?? '';
  const answer = await fetch(back, { redirect: 'manual', headers: { cookie } });
  return { answer, pending, cookie, back, session: answer.headers.getSetCookie().find((it) => it.includes('Strict')) };
}

test('SEC-36: a user of the issuer is signed in with the role that the issuer gives', async () => {
  await using stack = new AsyncDisposableStack();
  const issuer = stack.use(await openFakeIssuer(CLIENT));
  const it = await openWith(issuer, stack);
  const node = it.node();
  const browser = openBrowser(node);
  expect((await browser.ask('GET me')).body).toMatchObject({ ways: ['password', 'oidc'] });
  issuer.claims = { preferred_username: 'anna', realm_access: { roles: ['view', 'ev-admins'] } };
  const { answer, pending, session = '', back, cookie } = await signInAtIssuer(node.publicUrl, issuer);
  expect(pending).toMatch(/; Path=\/api\/v1\/login\/oidc; HttpOnly; SameSite=Lax$/);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console/']);
  const [name = '', value = ''] = session.split(';')[0]?.split('=') ?? [];
  browser.jar.set(name, value);
  expect((await browser.ask('GET me')).body).toMatchObject({ signed_in: true, name: 'anna', role: 'admin', via: 'oidc' });
  expect((await browser.ask('GET users')).body).toMatchObject({ items: [{ name: 'anna', role: 'admin', via: 'oidc' }] });
  expect(issuer.tokenRequests.map(({ form }) => form.get('redirect_uri'))).toEqual([apiAt(node, 'login/oidc/callback')]);

  // The same redirect is accepted once.
  const again = await fetch(back, { redirect: 'manual', headers: { cookie } });
  expect([again.headers.get('location'), again.headers.getSetCookie().filter((it) => it.includes('Strict'))]).toEqual(['/console/?failed=oidc', []]);

  // A changed role applies at once, also to open logins.
  issuer.claims = { preferred_username: 'anna', realm_access: { roles: ['view'] } };
  await signInAtIssuer(node.publicUrl, issuer);
  expect((await browser.ask('GET me')).body).toMatchObject({ role: 'view' });
  expect((await node.users.all()).length).toBe(1);
});

test('SEC-36: a forged redirect, and a user without a role, are refused', async () => {
  await using stack = new AsyncDisposableStack();
  const issuer = stack.use(await openFakeIssuer(CLIENT));
  const { publicUrl } = (await openWith(issuer, stack)).node();
  const outcome = async (claims: Record<string, unknown>, change?: (back: URL) => void) => {
    issuer.claims = { realm_access: { roles: ['ev-admins'] }, ...claims };
    const { answer, session } = await signInAtIssuer(publicUrl, issuer, change);
    return [answer.headers.get('location'), session];
  };
  const refused = ['/console/?failed=oidc', undefined];
  expect(await outcome({}, (back) => back.searchParams.set('state', 'another'))).toEqual(refused);
  expect(await outcome({}, (back) => back.searchParams.set('code', 'another'))).toEqual(refused);
  expect(await outcome({ nonce: 'another' })).toEqual(refused);
  expect(await outcome({ aud: 'another' })).toEqual(refused);
  expect(await outcome({ iss: 'https://another.example' })).toEqual(refused);
  expect(await outcome({ exp: 1 })).toEqual(refused);
  expect(await outcome({ realm_access: { roles: ['admin'] } })).toEqual(refused); // called ev-admins here
  expect(await outcome({ realm_access: null })).toEqual(refused);
  const unrequested = await at({ publicUrl } as never, '/api/v1/login/oidc/callback?code=x&state=y');
  expect(unrequested.headers.get('location')).toBe('/console/?failed=oidc');
  expect((await outcome({}))[0]).toBe('/console/');
});
