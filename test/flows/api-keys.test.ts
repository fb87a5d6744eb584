import { describe, expect, test } from 'vitest';
import { routes } from '../../src/node/api/all-routes.ts';
import { text } from '../../src/store/row.ts';
import { apiClient, errorOf, openApiClient, requestApi } from '../operator-api.ts';
import { openWorld, stores } from '../world.ts';
import { openPlatform } from './platform.fixture.ts';

/** One valid request of each route. */
const lines = routes.map((it) => ({ line: `${it.method} ${it.path.replace(/\{\w+\}/g, 'NONE')}`, scope: it.scope }));
const body = { limit: 8, unit: 'A' };

describe.each(stores)('keys to the operator API (%s)', (store) => {
  test('SEC-08: a key is stored as a hash only', async () => {
    await using platform = await openPlatform({ store });
    const { key, id } = await platform.node().keys.add({ name: 'billing', scope: 'view' });
    expect(key).toMatch(/^evk_[\w-]{43}$/);
    const rows = await platform.store.all({ name: 'rows', sql: 'SELECT * FROM api_key', values: [], read: (row) => row });
    expect(rows.map((row) => text(row, 'id'))).toEqual([id]);
    expect(JSON.stringify(rows)).not.toContain(key.slice(4));
  });

  test('a revoked key is refused from its next request on', async () => {
    await using world = await openWorld({ store });
    const node = world.node();
    const { key, id } = await node.keys.add({ name: 'billing', scope: 'view' });
    const system = apiClient(node.publicUrl, key);
    expect((await system.request('GET sessions')).status).toBe(200);
    expect((await node.keys.revoke(id)).ok).toBe(true);
    expect((await system.request('GET sessions')).status).toBe(401);
    expect(await node.keys.revoke(id)).toMatchObject({ ok: false, problem: expect.stringContaining('before') });
    expect(await node.keys.all()).toMatchObject([{ id, name: 'billing', scope: 'view', revokedAt: expect.any(Number) }]);
  });
});

describe('authentication and scopes', () => {
  test.each(lines)('$line: refused without a known key', async ({ line }) => {
    await using world = await openWorld();
    const { publicUrl } = world.node();
    const { key } = await world.node().keys.add({ name: 'x', scope: 'operate' });
    for (const authorization of [undefined, 'Bearer', 'Bearer x', `Bearer ${key}x`, `Token ${key}`, `Basic ${btoa(`${key}:`)}`, key]) {
      const answer = await requestApi(publicUrl, line, { ...(authorization && { headers: { authorization } }), ...(line.startsWith('PUT') && { body }) });
      expect([authorization, answer.status, errorOf(answer).code]).toEqual([authorization, 401, 'UNAUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test('a key with scope view may read but not operate', async () => {
    await using world = await openWorld();
    const system = await openApiClient(world.node(), 'view');
    for (const { line, scope } of lines.filter((it) => !it.line.endsWith('events'))) {
      const { status } = await system.request(line, line.startsWith('PUT') ? body : undefined);
      expect([line, status === 403]).toEqual([line, scope !== 'view']);
    }
    using stream = await system.followEvents();
    expect(stream.events).toEqual([]);
    const refused = await system.request('DELETE sessions/NONE/charging-profile');
    expect(errorOf(refused)).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('--scope operate') });
  });

  test('TRN-07: an unauthenticated request is refused before its body is read', async () => {
    await using world = await openWorld();
    const answer = await requestApi(world.node().publicUrl, 'PUT sessions/NONE/charging-profile', { body: 'x'.repeat(300 * 1024) });
    expect(answer.status).toBe(401);
  });

  test('an unknown path is 401 without a key, and 404 with one', async () => {
    await using world = await openWorld();
    expect((await requestApi(world.node().publicUrl, 'GET nothing', {})).status).toBe(401);
    expect((await (await openApiClient(world.node())).request('GET nothing')).status).toBe(404);
  });
});
