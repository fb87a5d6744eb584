import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { epochMillis } from '../../src/domain/units.ts';
import { CommitInDoubt } from '../../src/store/group-commit.ts';
import { openStore } from '../../src/store/open.ts';
import { addEvent, eventsAfter } from '../../src/store/sql/event.ts';
import { readExchange, type StoredExchange } from '../../src/store/sql/exchange.ts';
import type { Query, Store } from '../../src/store/store.ts';
import { freshPostgres, lacksPostgres } from '../set-up/fresh-postgres.ts';
import { openWorld } from '../world.ts';
import { openTcpProxy, type ProxyState } from './tcp-proxy.ts';

const event = (n: number) => addEvent({ at: epochMillis(1), kind: 'session', body: { n } });
const allExchanges: Query<StoredExchange> = { name: 'all-exchanges', sql: 'SELECT * FROM exchange ORDER BY seq', values: [], read: readExchange };
const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };

/** Another connection to the same server, as a database administrator has it. */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
const END_ALL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'evenkeel'";

describe.skipIf(await lacksPostgres())('a PostgreSQL that is temporarily unreachable (G-09, SEC-49)', { timeout: 30_000 }, () => {
  test('the store reconnects after its connections were terminated', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const admin = await connect(url);
    await store.commit([event(1)]);
    await admin.query(END_ALL);
    const [second] = await Promise.allSettled([store.commit([event(2)])]);
    await store.commit([event(3)]);
    const kept = (await store.all(eventsAfter(0, 10)).catch(() => store.all(eventsAfter(0, 10)))).map(({ body }) => body);
    expect(kept).toEqual(second?.status === 'fulfilled' ? ['{"n":1}', '{"n":2}', '{"n":3}'] : ['{"n":1}', '{"n":3}']);
  });

  test('a commit whose connection breaks fails with its whole group and is not tried again', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const admin = await connect(url);
    await admin.query('BEGIN');
    await admin.query('LOCK TABLE event IN ACCESS EXCLUSIVE MODE');
    const group = Promise.allSettled([store.commit([event(1)]), store.commit([event(2)])]);
    await untilBlocked(await connect(url));
    await admin.query(END_ALL);
    await admin.query('COMMIT'); // from here on a second attempt would succeed
    const settled = await group;
    expect(settled.map((it) => it.status === 'rejected' && it.reason instanceof CommitInDoubt)).toEqual([true, true]);
    await store.commit([event(3)]);
    expect((await admin.query('SELECT body FROM event ORDER BY seq')).rows.map(({ body }) => body)).toEqual(['{"n":3}']);
  });

  test('a table lock of another client fails all waiting commits at once, not one after the other', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const admin = await connect(url);
    await admin.query('BEGIN');
    await admin.query('LOCK TABLE event IN ACCESS EXCLUSIVE MODE');
    const group = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => store.commit([event(n)])));
    expect(new Set(group.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await admin.query('COMMIT');
    await store.commit([event(100)]);
    expect((await admin.query('SELECT body FROM event ORDER BY seq')).rows).toEqual([{ body: '{"n":100}' }]);
  });

  test.each<ProxyState>(['closed', 'stalled'])(
    'G-09: with a %s connection requests are answered with 3000 and none is ACCEPTED; the node works again afterwards',
    async (state) => {
      const direct = new URL(await freshPostgres());
      await using proxy = await openTcpProxy({ host: direct.hostname, port: Number(direct.port) });
      const behind = new URL(direct);
      behind.port = String(proxy.port);
      await using world = await openWorld({ config: { database: behind.href } });
      const emsp = await world.emsp();
      const station = await world.station('CP-16');
      const session = await world.charging(emsp, station);
      await station.idle();

      proxy.setState(state);
      const during = await Promise.all([emsp.set(session, profile), emsp.get(session, 900), emsp.clear(session)]);
      expect(during.map(({ answer }) => answer.envelope.status_code)).toEqual([3000, 3000, 3000]);

      proxy.setState('open');
      const outcome = world.nextStep('outcome');
      const after = await emsp.set(session, profile);
      expect(after.result).toBe('ACCEPTED');
      expect(await after.later).toEqual({ result: 'ACCEPTED' });
      await outcome;
      await using store = await openStore(direct.href);
      expect((await store.all(allExchanges)).map(({ state }) => state)).toEqual(['DELIVERED']);
    },
  );

  test('G-05: a charge point’s answer during an outage is not lost when the store is back before the deadline', async () => {
    const direct = new URL(await freshPostgres());
    await using proxy = await openTcpProxy({ host: direct.hostname, port: Number(direct.port) });
    const behind = new URL(direct);
    behind.port = String(proxy.port);
    const failed = Promise.withResolvers<void>();
    const aroundStore = (store: Store): Store => ({
      ...store,
      commit: (writes) =>
        store.commit(writes).catch((error) => {
          if (writes.some(({ name }) => name.startsWith('record-result'))) failed.resolve();
          throw error;
        }),
    });
    await using world = await openWorld({ aroundStore, config: { database: behind.href, timeout: 60 } });
    const emsp = await world.emsp();
    const station = await world.station('CP-16', { answers: { SetChargingProfile: { is: 'late', milliseconds: 500 } } });
    const session = await world.charging(emsp, station);
    const [called, outcome] = [station.next('SetChargingProfile'), world.nextStep('outcome')];
    const set = await emsp.set(session, profile);
    await called;
    proxy.setState('closed');
    await failed.promise;
    proxy.setState('open');
    expect(await set.later).toEqual({ result: 'ACCEPTED' });
    expect(await outcome).toMatchObject({ state: 'DELIVERED', reason: 'cp' });
  });
});

/** Waits until the server reports that a client waits for a lock. */
async function untilBlocked(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    if (rows.length > 0) return;
  }
}
