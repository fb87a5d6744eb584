import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { epochMillis } from '../../src/domain/units.ts';
import type { Log } from '../../src/node/core/log.ts';
import { Fence } from '../../src/store/fence.ts';
import { openStore } from '../../src/store/open.ts';
import { addEvent, eventsAfter } from '../../src/store/sql/event.ts';
import { StoreLost } from '../../src/store/store.ts';
import { lockStore } from '../../src/store/store-lock.ts';
import { freshPostgres, lacksPostgres } from '../set-up/fresh-postgres.ts';
import { databaseFor, openWorld, stores } from '../world.ts';
import { openTcpProxy } from './tcp-proxy.ts';

const event = (n: number) => addEvent({ at: epochMillis(1), kind: 'session', body: { n } });
const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
const wait = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));
const NODE_LOCK = 2_210_230;

/** A log that keeps its lines of the levels warn and error; `logged` resolves at the first line of an event. */
function keptLog() {
  const lines: { level: string; event: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const waiting = new Map<string, () => void>();
  const log: Log = (level, event, facts) => {
    if (['warn', 'error'].includes(level)) lines.push({ level, event, facts });
    waiting.get(event)?.();
  };
  return { lines, log, logged: (event: string) => new Promise<void>((then) => void waiting.set(event, then)) };
}

/** Another connection to the same server, as a database administrator has it. */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe.each(stores)('R-04: a store that a later start has taken (%s)', (kind) => {
  test('the commits of the earlier one fail with one known error, in whole groups, and those of the later one do not', async () => {
    await using stack = new AsyncDisposableStack();
    const database = await databaseFor(kind, stack);
    const [fence, later] = [new Fence(), new Fence()];
    const first = stack.use(await openStore(database, undefined, { fence }));
    await first.commit([event(1)]);
    const second = stack.use(await openStore(database, undefined, { fence: later }));
    const refused = await Promise.allSettled([first.commit([event(2)]), first.commit([event(3)])]);
    expect(refused.map((it) => it.status === 'rejected' && it.reason)).toEqual([fence.lost, fence.lost]);
    expect(fence.lost).toBeInstanceOf(StoreLost);
    await expect(first.commit([event(4)])).rejects.toBe(fence.lost);
    await second.commit([event(5)]);
    expect((await second.all(eventsAfter(0, 10))).map(({ body }) => body)).toEqual(['{"n":1}', '{"n":5}']);
    expect([fence.generation, later.lost]).toEqual([(later.generation ?? 0) - 1, undefined]);
  });

  test('a store whose generation is gone, as after it was emptied, is written by nobody', async () => {
    await using stack = new AsyncDisposableStack();
    const fence = new Fence();
    const store = stack.use(await openStore(await databaseFor(kind, stack), undefined, { fence }));
    await store.commit([{ name: 'forget-generation', sql: "DELETE FROM counter WHERE name = 'generation'", values: [] }]);
    await expect(store.commit([event(1)])).rejects.toThrow('found another generation');
    expect(await store.all(eventsAfter(0, 10))).toEqual([]);
  });

  test('a node ends, says so once, and accepts nothing any more', async () => {
    const { lines, log } = keptLog();
    await using world = await openWorld({ store: kind, log });
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    await using stack = new AsyncDisposableStack();
    stack.use(await openStore(world.database, undefined, { fence: new Fence() }));
    // The node may have found the loss at another commit: then it has closed its port already.
    const answer = await emsp.set(session, profile).catch(() => undefined);
    expect(answer?.result).not.toBe('ACCEPTED');
    const why = await world.node().storeTaken;
    expect(why.message).toContain('another node was started on it, so this node stops writing');
    await world.node()[Symbol.asyncDispose]();
    expect(lines.filter(({ level }) => level === 'error').map((it) => [it.event, it.facts.error])).toEqual([['store-lost', why]]);
    await expect(fetch(`${world.node().publicUrl}/health/live`)).rejects.toThrow();
  });
});

describe.skipIf(await lacksPostgres())('R-04: a lock whose connection ends', { timeout: 30_000 }, () => {
  const END_LOCK =
    "SELECT pid, pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'evenkeel-lock'";
  /** Resolves when the lock was lost, and when it was taken again. */
  function changes() {
    const [lost, taken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    return { lost: lost.promise, taken: taken.promise, onChange: (held: boolean) => (held ? taken : lost).resolve() };
  }

  test('is taken again at once, and a second node is still refused', async () => {
    const url = await freshPostgres();
    const fence = new Fence();
    const { lost, taken, onChange } = changes();
    await using lock = await lockStore(url, { wait, fence, onChange });
    const admin = await connect(url);
    await admin.query(END_LOCK);
    await lost;
    await taken;
    expect(lock.held()).toBe(true);
    expect(fence.lost).toBe(undefined);
    await expect(lockStore(url, { wait: async () => undefined })).rejects.toThrow('another node is using');
  });

  test('is lost when another process was faster', async () => {
    const url = await freshPostgres();
    const fence = new Fence();
    await using _lock = await lockStore(url, { wait, fence });
    const other = await connect(url);
    const taken = other.query('SELECT pg_advisory_lock($1)', [NODE_LOCK]); // waits for the lock
    const admin = await connect(url);
    await untilWaiting(admin);
    await admin.query(END_LOCK);
    await taken;
    expect((await fence.loss).message).toContain('another node has taken it');
  });

  test('is taken again when the network comes back, although the server still holds it for the old connection', async () => {
    const direct = new URL(await freshPostgres());
    await using proxy = await openTcpProxy({ host: direct.hostname, port: Number(direct.port) });
    const behind = new URL(direct);
    behind.port = String(proxy.port);
    const fence = new Fence();
    const { lost, taken, onChange } = changes();
    await using lock = await lockStore(behind.href, { wait, fence, onChange });
    proxy.setState('stalled');
    await lock.check();
    await lost;
    expect(lock.held()).toBe(false);
    proxy.setState('open');
    await taken;
    expect(fence.lost).toBe(undefined);
  });

  test('a node goes on after its lock was taken again, and logs one line for each of the two changes', async () => {
    const { lines, log, logged } = keptLog();
    const taken = logged('lock-taken-again');
    await using world = await openWorld({ store: 'postgres', log });
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    await (await connect(world.database)).query(END_LOCK);
    const set = await emsp.set(session, profile);
    expect([set.result, await set.later]).toEqual(['ACCEPTED', { result: 'ACCEPTED' }]);
    await taken;
    expect(lines.map(({ event }) => event)).toEqual(['lock-lost', 'lock-taken-again']);
  });
});

/** Waits until the server reports that a client waits for an advisory lock. */
async function untilWaiting(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    if (rows.length > 0) return;
  }
}
