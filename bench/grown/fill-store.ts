import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { isPostgres, openStore } from '../../src/store/open.ts';

/** The number of rows of a node that has run for years. */
export interface Grown {
  /** Ended sessions, each with its push state and event. */
  sessions: number;
  /** Ended exchanges of these sessions. */
  exchanges: number;
}

/** The newest rows are so old that no event is deleted in the measurement, and the oldest so young that no exchange is (retention: 7 and 30 days). */
const AGE_MS = 6 * 86_400_000;
const SESSION_BODY = JSON.stringify({
  country_code: 'NL',
  party_id: 'EVK',
  start_date_time: '2026-01-01T00:00:00Z',
  end_date_time: '2026-01-01T04:00:00Z',
  kwh: 21.5,
  auth_method: 'WHITELIST',
  location_id: 'LOC0',
  evse_uid: 'CP-0-1',
  connector_id: '1',
  currency: 'EUR',
  charging_periods: [{ start_date_time: '2026-01-01T00:00:00Z', dimensions: [{ type: 'ENERGY', volume: 21.5 }] }],
  status: 'COMPLETED',
  last_updated: '2026-01-01T04:00:00Z',
});
const ASK = JSON.stringify({ kind: 'set', profile: { unit: 'A', periods: [{ start: 0, limit: 16 }] } });

/** How one kind of store counts and prints numbers in SQL. */
interface Dialect {
  /** A row source with the column n from `first` to `last`. */
  numbers(first: number, last: number): string;
  /** An id that contains the number and does not sort like it, as UUIDs do not. */
  id(prefix: string, n: string): string;
}
const sqlite: Dialect = {
  numbers: (first, last) => `(WITH RECURSIVE c (n) AS (SELECT ${first} UNION ALL SELECT n + 1 FROM c WHERE n < ${last}) SELECT n FROM c)`,
  id: (prefix, n) => `printf('${prefix}%08X-%d', ((${n}) * 2654435761) % 4294967296, ${n})`,
};
const postgres: Dialect = {
  numbers: (first, last) => `(SELECT n::bigint FROM generate_series(${first}, ${last}) AS s (n))`,
  id: (prefix, n) => `'${prefix}' || lpad(upper(to_hex(((${n}) * 2654435761) % 4294967296)), 8, '0') || '-' || (${n})`,
};

/** Creates the tables in a new database and fills them with rows of ended sessions. */
export async function fillStore(database: string, grown: Grown): Promise<void> {
  const created = await openStore(database);
  await created[Symbol.asyncDispose]();
  const statements = statementsFor(isPostgres(database) ? postgres : sqlite, grown);
  if (isPostgres(database)) return await runInPostgres(database, statements);
  const file = new DatabaseSync(database);
  file.exec('PRAGMA synchronous = OFF');
  for (const statement of statements) file.exec(statement);
  file.close();
}

async function runInPostgres(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.query('VACUUM ANALYZE'); // As the autovacuum of a server that runs for long does.
  await client.end();
}

const ROWS_AT_ONCE = 100_000;

function statementsFor({ numbers, id }: Dialect, { sessions, exchanges }: Grown): readonly string[] {
  const from = Date.now() - AGE_MS;
  const batches = (count: number, insert: (source: string) => string) =>
    Array.from({ length: Math.ceil(count / ROWS_AT_ONCE) }, (_, n) => insert(numbers(n * ROWS_AT_ONCE + 1, Math.min(count, (n + 1) * ROWS_AT_ONCE))));
  /** Spreads rows evenly over the time until one day ago. */
  const at = (count: number) => `(${from} + (n * ${Math.floor((AGE_MS - 86_400_000) / Math.max(1, count))}))`;
  const key = (n: string) => id('NL*EVK*', n);
  const ofSession = key(`n % ${Math.max(1, sessions)} + 1`);
  return [
    ...batches(
      sessions,
      (
        source,
      ) => `INSERT INTO session (key, folded_id, token_party, status, last_updated, body, station, evse_uid, transaction_id, profile_id, location_id, driver)
        SELECT ${key('n')}, ${id('', 'n')}, 'NL*MSP', 'COMPLETED', ${at(sessions)} * 1000, '${SESSION_BODY}', 'OLD-' || (n % 1000), 'OLD-' || (n % 1000) || '-1',
          'T' || n, 1, 'LOC0', 'd' || (n % 50000) FROM ${source} AS numbers`,
    ),
    ...batches(
      sessions,
      (source) =>
        `INSERT INTO push (session_key, party, peer, acknowledged) SELECT ${key('n')}, 'NL*MSP', 'NL*MSP', '${SESSION_BODY}' FROM ${source} AS numbers`,
    ),
    ...batches(
      sessions,
      (source) => `INSERT INTO event (at, kind, session_key, body) SELECT ${at(sessions)}, 'session', ${key('n')}, '${SESSION_BODY}' FROM ${source} AS numbers`,
    ),
    ...batches(
      exchanges,
      (
        source,
      ) => `INSERT INTO exchange (id, side, kind, peer, party, session_key, edition, request_id, correlation_id, body_hash, url, ask, accepted_at, deadline, timeout,
          state, result, outcome, station, profile_id, ended_at)
        SELECT ${id('x-', 'n')}, 'carried', 'set', 'NL*MSP', 'NL*MSP', ${ofSession}, '2.2.1', ${id('r-', 'n')}, 'c', 'h', 'http://127.0.0.1:1/r/' || n, '${ASK}',
          ${at(exchanges)}, ${at(exchanges)} + 30000, 30, 'DELIVERED', 'ACCEPTED', '{"result":"ACCEPTED"}', 'OLD-' || (n % 1000), 1, ${at(exchanges)} + 200 FROM ${source} AS numbers`,
    ),
  ];
}
