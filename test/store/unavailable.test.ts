import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../src/domain/units.ts';
import type { Log } from '../../src/node/core/log.ts';
import { openStore } from '../../src/store/open.ts';
import { lastNumber } from '../../src/store/sql/counter.ts';
import { addEvent, eventsAfter } from '../../src/store/sql/event.ts';
import { type Query, type Store, StoreUnavailable } from '../../src/store/store.ts';
import { freshPostgres, lacksPostgres } from '../set-up/fresh-postgres.ts';
import { databaseFor, openWorld, type WorldOptions } from '../world.ts';
import { openTcpProxy, type ProxyState } from './tcp-proxy.ts';

const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
const event = (size: number) => addEvent({ at: epochMillis(1), kind: 'session', body: { text: 'x'.repeat(size) } });
/** Limits the size of the file for one connection of SQLite, as a full disk does. */
const pages = (limit: number): Query<unknown> => ({ name: `pages-${limit}`, sql: `PRAGMA max_page_count = ${limit}`, values: [], read: (row) => row });
const UNLIMITED = 1_000_000_000;

/** A node whose lines of warnings and errors are kept; `disk.full` makes each of its commits need a page that SQLite cannot get. */
async function watchedWorld(options: WorldOptions = {}) {
  const lines: { event: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const disk = { full: false };
  const aroundStore = (store: Store): Store => ({
    ...store,
    commit: async (writes) => {
      if (store.kind === 'sqlite') await store.all(pages(disk.full ? 1 : UNLIMITED));
      return store.commit(disk.full ? [...writes, event(1_000_000)] : writes);
    },
  });
  const log: Log = (level, name, facts) => void (['warn', 'error'].includes(level) && lines.push({ event: name, facts }));
  const world = await openWorld({ ...options, log, aroundStore });
  const get = async (path: string) => {
    const answer = await fetch(`${world.node().publicUrl}/health/${path}`);
    return { http: answer.status, body: await answer.text() };
  };
  return {
    world,
    lines,
    disk,
    /** Reads the readiness until it has this HTTP status; the body that came with it. */
    readiness: async (http: 200 | 503) => {
      for (;;) {
        const found = await get('ready');
        if (found.http === http) return found.body;
      }
    },
    liveness: async () => (await get('live')).http,
  };
}

describe('R-12: a full disk', () => {
  test('is reported by its own error, with the path and the free space', async () => {
    await using stack = new AsyncDisposableStack();
    const database = await databaseFor('sqlite', stack);
    await using store = await openStore(database);
    await store.all(pages(1));
    const refused = await Promise.allSettled([store.commit([event(1_000_000)]), store.commit([event(1_000_000)])]);
    for (const it of refused) {
      const error: unknown = it.status === 'rejected' && it.reason;
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(String(error)).toMatch(/: database or disk is full; \d+ MB are free on its disk$/);
      expect(String(error)).toContain(database);
    }
    await store.all(pages(UNLIMITED));
    await store.commit([event(1)]);
    expect(await store.all(eventsAfter(0, 10))).toHaveLength(1);
  });

  test('R-14, R-18: makes a node not ready, lets it accept nothing, and is two lines of the log however many requests fail', async () => {
    const { world, lines, disk, readiness, liveness } = await watchedWorld();
    await using _world = world;
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    disk.full = true;
    const asked = await Promise.all(Array.from({ length: 5 }, () => emsp.set(session, profile)));
    expect(asked.map(({ answer }) => answer.envelope.status_code)).toEqual(Array(5).fill(3000));
    expect(await readiness(503)).toContain('"the database accepts no commit; the log names the error"');
    expect(await liveness()).toBe(200);
    disk.full = false;
    expect(await readiness(200)).toBe('{"status":"ready"}');
    expect((await emsp.set(session, profile)).result).toBe('ACCEPTED');
    expect(lines.map(({ event }) => event)).toEqual(['store-away', 'store-back']);
    expect(String(lines[0]?.facts.error)).toContain(`${world.database}: database or disk is full`);
    expect(lines[1]?.facts.failed_calls).toBeGreaterThanOrEqual(5);
  });
});

describe.skipIf(await lacksPostgres())('a PostgreSQL that does not answer', { timeout: 30_000 }, () => {
  test.each<ProxyState>(['closed', 'stalled'])(
    'R-14, R-18: with a %s connection a node is live and not ready, and its log has one line at the beginning and one at the end',
    async (state) => {
      const direct = new URL(await freshPostgres());
      await using proxy = await openTcpProxy({ host: direct.hostname, port: Number(direct.port) });
      const behind = new URL(direct);
      behind.port = String(proxy.port);
      const { world, lines, readiness, liveness } = await watchedWorld({ config: { database: behind.href } });
      await using _world = world;
      const emsp = await world.emsp();
      const session = await world.charging(emsp, await world.station('CP-16'));
      proxy.setState(state);
      await Promise.all(Array.from({ length: 5 }, () => emsp.set(session, profile)));
      expect(await readiness(503)).toContain('"check":"store"');
      expect(await liveness()).toBe(200);
      proxy.setState('open');
      await readiness(200);
      // Other lines: the lock that is lost, and the security event of rights that could not be checked meanwhile.
      const ofStore = lines.filter(({ event }) => event.startsWith('store-'));
      expect(ofStore.map(({ event }) => event)).toEqual(['store-away', 'store-back']);
      expect(ofStore[1]?.facts.failed_calls).toBeGreaterThanOrEqual(1);
    },
  );

  test('SEC-49: quick reads, such as the authentication of a peer, do not wait for a slow one', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await using _admin = { [Symbol.asyncDispose]: () => admin.end() };
    await admin.query('BEGIN');
    await admin.query('LOCK TABLE event IN ACCESS EXCLUSIVE MODE');
    const order: string[] = [];
    const slow = store.first({ name: 'count-events', sql: 'SELECT COUNT(*) AS n FROM event', values: [], read: (row) => row, pace: 'slow' });
    const quick = store.first(lastNumber('anything')).then(() => {
      order.push('quick');
      return admin.query('COMMIT');
    });
    await Promise.all([slow.finally(() => order.push('slow')), quick]);
    expect(order).toEqual(['quick', 'slow']);
  });
});
