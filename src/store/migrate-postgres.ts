import pg from 'pg';
import { type Fence, GENERATION } from './fence.ts';
import { type MigrationConnection, type MigrationOptions, migrate } from './migrate.ts';
import { POSTGRES_TYPES } from './postgres.ts';
import { integer } from './row.ts';
import { nextNumber } from './sql/counter.ts';

/** The number of the advisory lock of migrations: arbitrary, but the same in every release. */
const MIGRATION_LOCK = 2_210_231;
/** Limits that the server, the database or the user may have set for all connections. */
const NO_LIMITS = `SELECT set_config(name, '0', false) FROM pg_settings
  WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')`;

/** Brings a database to the newest shape and takes a generation for a node, on a connection of its own without time limits. */
export async function preparePostgres(url: string, { fence, ...options }: MigrationOptions & { fence?: Fence }): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    types: POSTGRES_TYPES,
    application_name: 'evenkeel-migration',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  let broken: Error | undefined;
  client.on('error', (error) => {
    broken = error; // The statement that runs rejects with it, or the next one.
  });
  await client.connect();
  try {
    await client.query(NO_LIMITS);
    await lock(client);
    await migrate(migrationConnection(client), options);
    if (fence) fence.generation = await takeGeneration(client);
  } finally {
    if (!broken) await client.end();
  }
}

/** Waits in short statements: the building of an index waits for the end of all older statements, so one that waits for the lock would block it. */
async function lock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [MIGRATION_LOCK]);
    if (rows[0]?.held) return;
    await client.query('SELECT pg_sleep(0.2)');
  }
}

/** Waits for a transaction in which an earlier node checks its generation. */
async function takeGeneration(client: pg.Client): Promise<number> {
  const { rows } = await client.query(nextNumber(GENERATION).sql, [GENERATION]);
  return integer(rows[0] ?? {}, 'value');
}

function migrationConnection(client: pg.Client): MigrationConnection {
  const run = async (sql: string) => void (await client.query(sql));
  return {
    kind: 'postgres',
    serial: 'BIGSERIAL PRIMARY KEY',
    run,
    rows: async (sql) => (await client.query(sql)).rows,
    transact: async (work) => {
      await run('BEGIN');
      try {
        await work();
        await run('COMMIT');
      } catch (error) {
        await run('ROLLBACK').catch(() => undefined); // Without a connection the server rolls back by itself; the first error counts.
        throw error;
      }
    },
    buildIndex: (sql, name) => buildIndex(client, sql, name),
  };
}

/** Builds an index while the table stays usable. An interrupted build leaves a broken index, which is dropped first. */
async function buildIndex(client: pg.Client, sql: string, name: string): Promise<void> {
  const { rows } = await client.query('SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)', [name]);
  if (rows[0]?.valid === true) return;
  if (rows[0]) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
  await client.query(sql.replace(' INDEX ', ' INDEX CONCURRENTLY '));
}
