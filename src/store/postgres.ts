import { Socket } from 'node:net';
import pg from 'pg';
import { CommitInDoubt, groupCommits } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Query, Store, Write } from './store.ts';
import { bindValues, type KeyVault } from './vault.ts';

const INT8 = 20;

/** Opens a PostgreSQL store by its URL. Groups of writes use one pipelined connection in order, `first` a second one, `all` a pool. */
export async function openPostgres(url: string, vault: KeyVault): Promise<Store> {
  const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) };
  const settings = {
    connectionString: url,
    types,
    application_name: 'evenkeel',
    // A peer's request is answered within 3 s even when the database does not respond (SEC-49).
    query_timeout: 2_500,
    statement_timeout: 2_000,
    lock_timeout: 1_000,
    idle_in_transaction_session_timeout: 10_000,
  };
  const pool = new pg.Pool({ ...settings, max: 8, connectionTimeoutMillis: 2_000 });
  pool.on('error', () => undefined); // An idle connection that the server closed is replaced at the next read.
  const writer = pipelinedConnection({ ...settings, connectionTimeoutMillis: 2_000 });
  const reader = pipelinedConnection({ ...settings, connectionTimeoutMillis: 2_000 });
  const transact = async (writes: readonly Write[]) => {
    const statements = vault.inTransaction(() => writes.map(({ name, sql, values }) => ({ name, text: sql, values: bindValues(vault, values) })));
    const { client, batchSends } = await writer.connected().catch(unreachable);
    try {
      batchSends();
      const begun = [client.query('BEGIN'), ...lockKeys(writes).map((lock) => client.query(lock))];
      const replies = await Promise.all([...begun, ...statements.map((statement) => client.query(statement)), client.query('COMMIT')]);
      return replies.slice(begun.length, -1).map((reply) => ({ changed: reply.rowCount ?? 0, rows: reply.rows }));
    } catch (error) {
      writer.reconnect();
      throw isFaultOfStatement(error) ? error : new CommitInDoubt(messageOf(error), { cause: error });
    }
  };
  const readFirst = async <T>({ name, sql, values, read }: Query<T>): Promise<T | undefined> => {
    const { client, batchSends } = await reader.connected();
    try {
      batchSends();
      const [row] = (await client.query({ name, text: sql, values: [...values] })).rows;
      return row && read(row, vault);
    } catch (error) {
      if (!isFaultOfStatement(error)) reader.reconnect();
      throw error;
    }
  };
  const readAll = async <T>({ name, sql, values, read }: Query<T>) =>
    (await pool.query({ name, text: sql, values: [...values] })).rows.map((row) => read(row, vault));
  const store: Store = {
    kind: 'postgres',
    commit: groupCommits(transact),
    all: readAll,
    first: readFirst,
    [Symbol.asyncDispose]: async () => {
      await writer.close();
      await reader.close();
      await pool.end();
    },
  };
  await migrate(store, { transact: async (writes) => void (await transact(writes)), serial: 'BIGSERIAL PRIMARY KEY' });
  return store;
}

/**
 * The statement that locks the serial keys of a transaction until its end; none for writes without keys. It comes before the writes: in READ
 * COMMITTED each of them then sees all that earlier holders of the keys have committed. Sorted keys cannot deadlock.
 */
function lockKeys(writes: readonly Write[]): readonly pg.QueryConfig[] {
  const keys = new Set(writes.flatMap(({ serial }) => serial ?? []));
  if (keys.size === 0) return [];
  const text = 'SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest($1::text[]) AS key';
  return [{ name: 'lock-serial-keys', text, values: [[...keys].sort()] }];
}

/** Whether one statement caused the error (SQLSTATE classes 22, 23, 42): the server rolled back, and the other statements may be committed without it. */
const isFaultOfStatement = (error: unknown) => error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? '');
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
/** Without a connection every unit would fail like its group, so the units are not tried again alone. */
const unreachable = (error: unknown): never => {
  throw new CommitInDoubt(messageOf(error), { cause: error });
};

interface Pipelined {
  client: pg.Client;
  /** Sends all statements of this turn of the event loop in one write to the socket. */
  batchSends(): void;
}

/** A connection that sends statements without waiting for earlier replies; a broken one is replaced at its next use. */
function pipelinedConnection(settings: pg.ClientConfig) {
  let current: Promise<Pipelined> | undefined;
  const connect = async () => {
    const socket = new Socket();
    const client = new pg.Client({ ...settings, pipeline: true, stream: () => socket });
    client.on('error', reconnect);
    await client.connect();
    let batching = false;
    const send = () => {
      batching = false;
      socket.uncork();
    };
    const batchSends = () => {
      if (batching) return;
      batching = true;
      socket.cork();
      setImmediate(send);
    };
    return { client, batchSends };
  };
  const end = (open: Promise<Pipelined> | undefined) => open?.then(({ client }) => client.end()).catch(() => undefined); // A broken connection cannot be ended properly.
  function reconnect() {
    const broken = current;
    current = undefined;
    void end(broken);
  }
  return {
    connected: () => {
      current ??= connect();
      current.catch(() => {
        current = undefined;
      });
      return current;
    },
    reconnect,
    close: async () => end(current),
  };
}
