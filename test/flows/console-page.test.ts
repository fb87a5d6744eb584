import { expect, test } from 'vitest';
import { at, builtPage } from './console.fixture.ts';
import { openPlatform } from './platform.fixture.ts';

test('SEC-38: the content security policy of the page blocks scripts in text', async () => {
  await using stack = new AsyncDisposableStack();
  await using it = await openPlatform({ config: { console: { files: builtPage(stack) } } });
  const node = it.node();
  const page = await at(node, '/console/');
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>page</title>');
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "object-src 'none'", "base-uri 'none'"])
    expect(policy).toContain(part);
  expect(policy).not.toContain('unsafe');
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
    'content-type': 'text/html; charset=utf-8',
  });
});

test('deep links serve the page, files with a hash are cached, and no other file is served', async () => {
  await using stack = new AsyncDisposableStack();
  await using it = await openPlatform({ config: { console: { files: builtPage(stack) } } });
  const node = it.node();
  expect((await at(node, '/console')).headers.get('location')).toBe('/console/');
  expect(await (await at(node, '/console/sessions/NL*EVK*1')).text()).toContain('<title>page</title>');
  const script = await at(node, '/console/assets/index-Ab3dE_9f.js', { 'accept-encoding': 'identity' });
  expect([script.headers.get('cache-control'), await script.text()]).toEqual(['public, max-age=31536000, immutable', 'document.title = "open";']);
  const again = await at(node, '/console/', { 'if-none-match': (await at(node, '/console/')).headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  for (const path of [
    '/console/secret.key',
    '/console/none.js',
    '/console/..%2F..%2Fpackage.json',
    '/console/%2e%2e/package.json',
    '/console/assets/index-Ab3dE_9f.js.gz',
  ])
    expect([path, (await at(node, path)).status]).toEqual([path, 404]);
});

test('a console that is not built answers with the build command', async () => {
  await using it = await openPlatform({ config: { console: { files: '/nowhere' } } });
  const page = await at(it.node(), '/console/');
  expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('npm run build')]);
});
