import { Socket } from 'node:net';
import pg from 'pg';
import { type Fence, GENERATION } from './fence.ts';
import { CommitInDoubt, groupCommits } from './group-commit.ts';
import { pipelinedConnection } from './pipelined-connection.ts';
import { type Query, type Store, StoreUnavailable, type Write } from './store.ts';
import { bindValues, type KeyVault } from './vault.ts';

const INT8 = 20;
/** Reads 8-byte integers as numbers. */
export const POSTGRES_TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
};
/** Limits of normal work: a peer's request is answered within 3 s even when the database does not respond (SEC-49). */
const LIMITS = { query_timeout: 2_500, statement_timeout: 2_000, lock_timeout: 1_000, idle_in_transaction_session_timeout: 10_000 };
const CONNECT_MS = 2_000;

/**
 * Opens a PostgreSQL store by its URL. Groups of writes use one pipelined connection in order, quick queries a second one, slow queries
 * a pool. A node passes its fence.
 */
export async function openPostgres(url: string, vault: KeyVault, fence?: Fence): Promise<Store> {
  const settings = { connectionString: url, types: POSTGRES_TYPES, application_name: 'evenkeel', ...LIMITS, connectionTimeoutMillis: CONNECT_MS };
  const poolSockets = new Set<Socket>();
  const pool = new pg.Pool({ ...settings, max: 8, stream: () => trackedSocket(poolSockets) });
  pool.on('error', () => undefined); // An idle connection that the server closed is replaced at the next read.
  const writer = pipelinedConnection(settings);
  const reader = pipelinedConnection(settings);
  const transact = async (writes: readonly Write[]) => {
    if (fence?.lost) throw fence.lost;
    const statements = vault.inTransaction(() => writes.map(({ name, sql, values }) => ({ name, text: sql, values: bindValues(vault, values) })));
    const { client, batchSends } = await writer.connected().catch(inDoubt);
    try {
      batchSends();
      const begun = [client.query('BEGIN'), ...(fence ? [checkGeneration(client, fence)] : [])];
      const replies = await Promise.all([...begun, ...statements.map((statement) => client.query(statement)), client.query('COMMIT')]);
      if (fence?.checkFiles()) throw fence.lost;
      return replies.slice(begun.length, -1).map((reply) => ({ changed: reply.rowCount ?? 0, rows: reply.rows }));
    } catch (error) {
      if (fence?.lost) throw fence.lost;
      writer.reconnect();
      throw isFaultOfStatement(error) ? error : inDoubt(error);
    }
  };
  const readSlow = async ({ name, sql, values }: Query<unknown>) => (await pool.query({ name, text: sql, values: [...values] }).catch(orUnavailable)).rows;
  const readQuick = async ({ name, sql, values }: Query<unknown>) => {
    const { client, batchSends } = await reader.connected().catch(orUnavailable);
    try {
      batchSends();
      return (await client.query({ name, text: sql, values: [...values] })).rows;
    } catch (error) {
      if (!isFaultOfStatement(error)) reader.reconnect();
      return orUnavailable(error);
    }
  };
  return {
    kind: 'postgres',
    commit: groupCommits(transact),
    all: async (query) => (await (query.pace === 'quick' ? readQuick(query) : readSlow(query))).map((row) => query.read(row, vault)),
    first: async (query) => {
      const [row] = await (query.pace === 'slow' ? readSlow(query) : readQuick(query));
      return row && query.read(row, vault);
    },
    [Symbol.asyncDispose]: async () => {
      await writer.close();
      await reader.close();
      const ended = pool.end();
      for (const socket of poolSockets) socket.destroySoon(); // A server that does not answer must not hold up the stop.
      await ended;
    },
  };
}

function trackedSocket(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  return socket;
}

/**
 * Fails the transaction when a later start has taken a generation, or when the counter is gone: the statement then divides by zero, because a pipelined COMMIT cannot
 * wait for an answer. The lock on the row makes a start that takes one wait for the end of this transaction.
 */
async function checkGeneration(client: pg.Client, fence: Fence): Promise<pg.QueryResult> {
  const text = 'SELECT 1 / (SELECT COUNT(*) FROM (SELECT 1 FROM counter WHERE value = $1 AND name = $2 FOR SHARE) own) AS own';
  try {
    return await client.query({ name: 'check-generation', text, values: [fence.generation, GENERATION] });
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === DIVISION_BY_ZERO) fence.supersededBy(undefined);
    throw error;
  }
}

const DIVISION_BY_ZERO = '22012';
/** Whether one statement caused the error (SQLSTATE classes 22, 23, 42): the server rolled back, and the other statements may be committed without it. */
const isFaultOfStatement = (error: unknown) => error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? '');
/** Errors of the server that say that it cannot work now (SQLSTATE classes 08, 53, 57P, 58); any other answer of it is an error of the query. */
const isUnavailable = (error: unknown) => !(error instanceof pg.DatabaseError) || /^(08|53|57P|58)/.test(error.code ?? '');
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Without a connection every unit would fail like its group, so the units are not tried again alone. */
function inDoubt(error: unknown): never {
  throw new CommitInDoubt(messageOf(error), { cause: error });
}
/** Tells a server that is away from a query that fails. */
function orUnavailable(error: unknown): never {
  throw isUnavailable(error) ? new StoreUnavailable(messageOf(error), { cause: error }) : error;
}
