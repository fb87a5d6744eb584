import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asSessionKey, exchangeId } from '../../src/domain/ids.ts';
import { type Progress, SHAPE } from '../../src/store/migrate.ts';
import { openStore, openStoreBeside, prepareStore } from '../../src/store/open.ts';
import { exchangeById } from '../../src/store/sql/exchange.ts';
import { inputsOf } from '../../src/store/sql/input.ts';
import { lacksPostgres } from '../set-up/fresh-postgres.ts';
import { stores } from '../world.ts';
import { afterUpgradeFrom, type Contents, connectRaw, contentsOf, contentsOfNewStore, emptyDatabases, fillAsOldRelease } from './old-store.ts';

const shapes = Array.from({ length: SHAPE }, (_, n) => n + 1);
/** Rows of the large upgrade; `EVENKEEL_TEST_ROWS=1000000` shows the time on a grown store. */
const ROWS = Number(process.env.EVENKEEL_TEST_ROWS ?? 12_000);

describe.each(stores)('the upgrade of a store (%s)', (kind) => {
  const stack = new AsyncDisposableStack();
  let emptyDatabase: () => Promise<string>;
  let asNew: Contents;
  beforeAll(async () => {
    emptyDatabase = await emptyDatabases(kind, stack);
    asNew = await contentsOfNewStore(await emptyDatabase());
  });
  afterAll(() => stack.disposeAsync());
  async function oldDatabase(shape: number): Promise<string> {
    const database = await emptyDatabase();
    await fillAsOldRelease(database, shape);
    return database;
  }

  test.each(shapes)('R-05: from shape %i with rows in each table leads to the same tables, indexes and rows as a new store', async (shape) => {
    const old = await oldDatabase(shape);
    await prepareStore(old);
    expect(await contentsOf(old)).toEqual(afterUpgradeFrom(shape, asNew));
  });

  test('R-05: what an older release wrote is read by today’s queries', async () => {
    const session = asSessionKey('NL*EVK*S1');
    await using store = await openStore(await oldDatabase(1));
    expect(await store.all(inputsOf(session))).toEqual([
      { by: 'NL*MSP', peer: 'NL*MSP', state: 'installed', profile: { unit: 'A', periods: [{ start: 0, limit: 2 }] } },
    ]);
    expect(await store.first(exchangeById(exchangeId('X2')))).toMatchObject({ party: 'NL*MSP', peer: 'NL*MSP', session, state: 'DELIVERED' });
  });

  test('R-05: an upgrade that is interrupted at any statement continues at the next start, and its progress names shape and statement', async () => {
    const old = await oldDatabase(1);
    const seen = new Map<string, Progress>();
    const interruptAtEachStatement = (at: Progress) => {
      const statement = `${at.shape}/${at.statement}`;
      if (seen.has(statement) || ![2, 7].includes(at.shape)) return; // the others are one transaction each
      seen.set(statement, at);
      throw new Error('interrupted');
    };
    await expect(prepareStore(old, { progress: interruptAtEachStatement })).rejects.toThrow('interrupted');
    await expect(openStoreBeside(old)).rejects.toThrow('found tables of shape 2, whose migration is not finished');
    for (let finished = false; !finished; ) {
      await prepareStore(old, { progress: interruptAtEachStatement }).then(
        () => {
          finished = true;
        },
        (error) => expect(error).toMatchObject({ message: 'interrupted' }),
      );
    }
    expect(seen.get('7/2')).toEqual({ shape: 7, of: SHAPE, statement: 2, statements: 3 });
    expect(await contentsOf(old)).toEqual(afterUpgradeFrom(1, asNew));
  });

  test('R-05: the many rows of a grown store are changed in batches, and the progress counts them', async () => {
    const old = await oldDatabase(1);
    await using raw = await connectRaw(old);
    await raw.run(`INSERT INTO exchange (id, side, kind, peer, session_key, edition, request_id, correlation_id, body_hash, ask, accepted_at, deadline, timeout, state)
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ROWS})
      SELECT 'many-' || n, 'carried', 'get', 'NL*MSP', 'NL*EVK*S' || n, '2.2.1', 'many-' || n, 'c', 'h', '{}', 1, 1, 30, 'DELIVERED' FROM numbers`);
    const rows: unknown[] = [];
    await prepareStore(old, { progress: (at) => at.rows !== undefined && rows.push([at.rows, at.of_rows]) });
    const [left = {}] = await raw.rows("SELECT COUNT(*) AS n FROM exchange WHERE party IS NULL OR party <> 'NL*MSP'");
    expect(Number(left.n)).toBe(0);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.at(-1)).toEqual([ROWS + 5, ROWS + 5]);
  });
});

describe.skipIf(await lacksPostgres())('the upgrade of a PostgreSQL that works under time limits', { timeout: 60_000 }, () => {
  const stack = new AsyncDisposableStack();
  let emptyDatabase: () => Promise<string>;
  let asNew: Contents;
  beforeAll(async () => {
    emptyDatabase = await emptyDatabases('postgres', stack);
    asNew = await contentsOfNewStore(await emptyDatabase());
  });
  afterAll(() => stack.disposeAsync());
  async function oldDatabase(): Promise<string> {
    const database = await emptyDatabase();
    await fillAsOldRelease(database, 1);
    return database;
  }

  test('R-05: no time limit of normal work or of the server ends a migration, and locks are waited for', async () => {
    const old = await oldDatabase();
    await using raw = await connectRaw(old);
    await raw.run(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2.2); RETURN NULL; END'`);
    await raw.run('CREATE TRIGGER slow AFTER UPDATE ON exchange FOR EACH STATEMENT EXECUTE FUNCTION slow()');
    const other = new pg.Client({ connectionString: old, statement_timeout: 60_000, idle_in_transaction_session_timeout: 60_000 });
    await other.connect();
    stack.defer(() => other.end());
    await other.query('BEGIN');
    await other.query('LOCK TABLE session IN ACCESS SHARE MODE');
    const released = other.query('SELECT pg_sleep(1.2)').then(() => other.query('COMMIT'));
    const limited = new URL(old);
    limited.searchParams.set('options', `${limited.searchParams.get('options')} -c statement_timeout=100ms -c lock_timeout=100ms`);
    await prepareStore(limited.href);
    await released;
    await raw.run('DROP TRIGGER slow ON exchange');
    await raw.run('DROP FUNCTION slow');
    expect(await contentsOf(old)).toEqual(afterUpgradeFrom(1, asNew));
  });

  test('R-05: the broken index of an interrupted build is dropped and built again', async () => {
    const old = await oldDatabase();
    const untilIndex = (at: Progress) => {
      if (at.shape === 2 && at.statement === 4) throw new Error('interrupted');
    };
    await expect(prepareStore(old, { progress: untilIndex })).rejects.toThrow('interrupted');
    await using raw = await connectRaw(old);
    await expect(raw.run('CREATE UNIQUE INDEX CONCURRENTLY session_driver ON session (token_party)')).rejects.toThrow('could not create unique index');
    await prepareStore(old);
    expect(await contentsOf(old)).toEqual(afterUpgradeFrom(1, asNew));
  });

  test('R-05: two starts at once migrate one after the other', async () => {
    const old = await oldDatabase();
    const statements: string[] = [];
    const progress = (at: Progress) => void (at.rows === undefined && statements.push(`${at.shape}/${at.statement}`));
    await Promise.all([prepareStore(old, { progress }), prepareStore(old, { progress })]);
    expect(new Set(statements).size).toBe(statements.length);
    expect(await contentsOf(old)).toEqual(afterUpgradeFrom(1, asNew));
  });
});
