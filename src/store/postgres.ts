import { Socket } from 'node:net';
import pg from 'pg';
import { CommitInDoubt, groupCommits } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Query, Store, Write } from './store.ts';
import { bindValues, type KeyVault } from './vault.ts';

const INT8 = 20;

/** Opens the server store by its URL. Groups of writes go down one pipelined connection in order, reads through a pool. */
export async function openPostgres(url: string, vault: KeyVault): Promise<Store> {
  const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) };
  const settings = {
    connectionString: url,
    types,
    application_name: 'evenkeel',
    // Whoever waits for an answer to a request hears within 3 s that there is none (SEC-49).
    query_timeout: 2_500,
    statement_timeout: 2_000,
    lock_timeout: 1_000,
    idle_in_transaction_session_timeout: 10_000,
  };
  const pool = new pg.Pool({ ...settings, max: 8, connectionTimeoutMillis: 2_000 });
  pool.on('error', () => undefined); // an idle reader that the server dropped is replaced at the next read
  const line = pipelinedLine({ ...settings, connectionTimeoutMillis: 2_000 });
  const reader = pipelinedLine({ ...settings, connectionTimeoutMillis: 2_000 });
  const transact = async (writes: readonly Write[]) => {
    const questions = vault.inTransaction(() => writes.map(({ name, sql, values }) => ({ name, text: sql, values: bindValues(vault, values) })));
    const { client, gather } = await line.connected().catch(unreached);
    try {
      gather();
      const [, ...replies] = await Promise.all([client.query('BEGIN'), ...questions.map((question) => client.query(question)), client.query('COMMIT')]);
      return replies.slice(0, writes.length).map((reply) => ({ changed: reply.rowCount ?? 0, rows: reply.rows }));
    } catch (error) {
      line.renew();
      throw isOwnFault(error) ? error : new CommitInDoubt(saysOf(error), { cause: error });
    }
  };
  const readFirst = async <T>({ name, sql, values, read }: Query<T>): Promise<T | undefined> => {
    const { client, gather } = await reader.connected();
    try {
      gather();
      const [row] = (await client.query({ name, text: sql, values: [...values] })).rows;
      return row && read(row, vault);
    } catch (error) {
      if (!isOwnFault(error)) reader.renew();
      throw error;
    }
  };
  const read = async <T>({ name, sql, values, read }: Query<T>) =>
    (await pool.query({ name, text: sql, values: [...values] })).rows.map((row) => read(row, vault));
  const store: Store = {
    kind: 'postgres',
    commit: groupCommits(transact),
    all: read,
    first: readFirst,
    [Symbol.asyncDispose]: async () => {
      await line.close();
      await reader.close();
      await pool.end();
    },
  };
  await migrate(store, { transact: async (writes) => void (await transact(writes)), serial: 'BIGSERIAL PRIMARY KEY' });
  return store;
}

/** Values, constraints or words of a statement (SQLSTATE classes 22, 23, 42): the server took all of it back, and without that one it would have gone. */
const isOwnFault = (error: unknown) => error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? '');
const saysOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
/** No unit fares better than its group where there is no server. */
const unreached = (error: unknown): never => {
  throw new CommitInDoubt(saysOf(error), { cause: error });
};

interface Pipelined {
  client: pg.Client;
  /** What is asked in this turn of the event loop leaves in one piece. */
  gather(): void;
}

/** A connection on which questions do not wait for the answers before them; a broken one is replaced when it is next needed. */
function pipelinedLine(settings: pg.ClientConfig) {
  let current: Promise<Pipelined> | undefined;
  const connect = async () => {
    const socket = new Socket();
    const client = new pg.Client({ ...settings, pipeline: true, stream: () => socket });
    client.on('error', renew);
    await client.connect();
    let gathering = false;
    const send = () => {
      gathering = false;
      socket.uncork();
    };
    const gather = () => {
      if (gathering) return;
      gathering = true;
      socket.cork();
      setImmediate(send);
    };
    return { client, gather };
  };
  const end = (open: Promise<Pipelined> | undefined) => open?.then(({ client }) => client.end()).catch(() => undefined); // it is broken already
  function renew() {
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
    renew,
    close: async () => end(current),
  };
}
