import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { prepareStore } from '../../src/store/open.ts';
import type { Row } from '../../src/store/store.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { databaseFor, type StoreKind } from '../world.ts';

/** A connection to a database as an administrator has it, without the store. */
export interface RawDatabase extends AsyncDisposable {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Row[]>;
}

export async function connectRaw(database: string): Promise<RawDatabase> {
  if (!database.startsWith('postgres')) {
    const db = new DatabaseSync(database);
    return { run: async (sql) => db.exec(sql), rows: async (sql) => db.prepare(sql).all(), [Symbol.asyncDispose]: async () => db.close() };
  }
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const rows = async (sql: string) => (await client.query(sql)).rows;
  return { run: async (sql) => void (await rows(sql)), rows, [Symbol.asyncDispose]: () => client.end() };
}

/** Makes databases without tables: files in one folder, or schemas of one PostgreSQL database, which are quicker to make than databases. */
export async function emptyDatabases(kind: StoreKind, stack: AsyncDisposableStack): Promise<() => Promise<string>> {
  let made = 0;
  if (kind === 'sqlite') {
    const first = await databaseFor(kind, stack);
    return async () => `${first}${++made}`;
  }
  const url = await freshPostgres();
  const raw = stack.use(await connectRaw(url));
  return async () => {
    const schema = `empty_${++made}`;
    await raw.run(`CREATE SCHEMA ${schema}`);
    const own = new URL(url);
    own.searchParams.set('options', `-c search_path=${schema}`);
    return own.href;
  };
}

type Values = Readonly<Record<string, string | number | null>>;
interface TableRow {
  table: string;
  /** The shape that brought the table. */
  since: number;
  values: Values;
}

const PROFILE = '{"unit":"A","periods":[{"start":0,"limit":10}]}';
const set = (limit: number) => `{"kind":"set","profile":{"unit":"A","periods":[{"start":0,"limit":${limit}}]}}`;
const exchange = (n: number, more: Values): TableRow => ({
  table: 'exchange',
  since: 1,
  values: {
    id: `X${n}`, side: 'carried', kind: 'set', peer: 'NL*MSP', party: 'NL*MSP', session_key: 'NL*EVK*S1', edition: '2.2.1', request_id: `r${n}`, correlation_id: 'c',
    body_hash: 'h', ask: set(n), accepted_at: n, deadline: 100, timeout: 30, state: 'DELIVERED', result: 'ACCEPTED', ended_at: n + 1, ...more,
  },
}); // biome-ignore format: one row of a table
const session = (n: number, more: Values): TableRow => ({
  table: 'session',
  since: 1,
  values: { key: `NL*EVK*S${n}`, folded_id: `S${n}`, token_party: 'NL*MSP', status: 'ACTIVE', last_updated: n, body: `{"id":"S${n}"}`, ...more },
});
const row = (since: number, table: string, values: Values): TableRow => ({ table, since, values });

/** Rows of each table, as a node of today has them. */
const ROWS: readonly TableRow[] = [
  row(1, 'peer', { id: 'NL*MSP', status: 'REGISTERED', roles: '[]', endpoints: '[]', origins: '[]', token_style: 'BASE64', updated_at: 1 }),
  row(1, 'peer_party', { role: 'EMSP', party: 'NL*MSP', peer: 'NL*MSP' }),
  row(1, 'credential', { hash: 'hash', peer: 'NL*MSP', kind: 'ACCESS', expires_at: null }),
  session(1, { station: 'CP1', evse_uid: 'E1', transaction_id: 'T1', profile_id: 7, progress: '{}' }),
  session(2, { status: 'COMPLETED', station: 'CP1', evse_uid: 'E1', transaction_id: 'T2' }),
  session(3, { peer: 'NL*CPO', dirty: 1 }),
  row(1, 'push', { session_key: 'NL*EVK*S1', party: 'NL*MSP', peer: 'NL*MSP', acknowledged: '{"id":"S1"}', failed: 1 }),
  exchange(1, {}),
  exchange(2, { kind: 'set', result_hash: 'rh', station: 'CP1', message_id: 'm2' }),
  exchange(3, { result: 'REJECTED' }),
  exchange(4, { side: 'sent', state: 'CONFIRMED' }),
  exchange(5, { kind: 'get', ask: '{"kind":"get","duration":900}', state: 'ACCEPTED', result: null, ended_at: null }),
  row(1, 'steering', { session_key: 'NL*EVK*S1', party: 'NL*MSP', peer: 'NL*MSP', since: 1, told: PROFILE, told_at: 2, stale: 1 }),
  row(1, 'station', { id: 'CP1', version: '1.6', epoch: 3, online: 1, seen_at: 1 }),
  row(1, 'event', { at: 1, kind: 'session', session_key: 'NL*EVK*S1', body: '{}' }),
  row(1, 'event', { at: 2, kind: 'security', body: '{}' }),
  row(1, 'api_key', { id: 'K1', hash: 'kh', name: 'billing', scope: 'view', created_at: 1 }),
  row(1, 'counter', { name: 'epoch', value: 3 }),
  row(1, 'watermark', { peer: 'NL*CPO', module: 'sessions', until: 5 }),
  row(2, 'input', { session_key: 'NL*EVK*S1', party: 'NL*MSP', peer: 'NL*MSP', profile: PROFILE.replace('10', '2'), state: 'installed', at: 2 }),
  row(2, 'contract', {
    id: 'C1', party: 'NL*SCS', origin: 'command', body: '{}', may_see: 1, may_control: 1, tokens_of: null, by_location: 1, by_evse: 0, from_at: 0, until_at: 9,
  }), // biome-ignore format: one row of a table
  row(2, 'contract_place', { contract: 'C1', kind: 'location', name: 'LOC1' }),
  row(2, 'consent', { party: 'NL*SCS', driver: 'D1', purpose: 'smart_charging', origin: 'command', text_version: '1', given_at: 1 }),
  row(2, 'halt', { party: 'NL*SCS', at: 1 }),
  row(2, 'relayed', { party: 'NL*SCS', session_key: 'NL*EVK*S3', id: 'R1' }),
  row(3, 'location', { key: 'NL*EVK*LOC1', last_updated: 1, body: '{"id":"LOC1"}' }),
  row(3, 'location_push', { location_key: 'NL*EVK*LOC1', peer: 'NL*MSP', acknowledged: '{}' }),
  row(3, 'evse_status', { station: 'CP1', evse_id: 1, connector_id: 1, status: 'AVAILABLE' }),
  row(4, 'token', { party: 'NL*MSP', driver: 'D1', type: 'RFID', own: 1, valid: 1, last_updated: 1, body: '{}' }),
  row(4, 'token_push', { token: 1, peer: 'NL*MSP', acknowledged: '{}', last_updated: 1 }),
  row(5, 'hub_party', { hub: 'NL*HUB', role: 'CPO', party: 'NL*BEH', name: 'Behind', announced: 1, status: 'CONNECTED', last_updated: 1 }),
  row(6, 'preference', { session_key: 'NL*EVK*S1', body: '{}', said_at: 1 }),
  row(8, 'claim', { peer: 'NL*MSP', role: 'EMSP', party: 'NL*TNM', body: '{}', claimed_at: 1 }),
  row(9, 'console_user', { id: 'U1', name: 'Anna', folded_name: 'ANNA', role: 'admin', created_at: 1 }),
  row(9, 'console_login', { hash: 'lh', console_user: 'U1', began_at: 1, used_at: 1 }),
  row(9, 'audit', { seq: 1, at: 1, by_kind: 'node', act: 'login', hash: 'ah' }),
  row(10, 'imposed_limit', { node: 'garage', body: '{}', at: 1 }),
  row(11, 'location_evse', { location_key: 'NL*EVK*LOC1', uid: 'E1', place: 0, version: 1, changed: '{}', body: '{"uid":"E1"}' }),
];

/** What the tables of shape 1 and 2 held in place of today's columns. */
function asOfShape(shape: number, { table, values }: TableRow): Values {
  const { party, module, ...others } = values;
  if (table === 'session' && shape === 1) return { ...values, installed: values.key === 'NL*EVK*S1' ? PROFILE.replace('10', '2') : null };
  if (['push', 'exchange', 'steering'].includes(table) && shape === 1) return others;
  return table === 'watermark' && shape < 3 ? others : { ...values, ...(module !== undefined && { module }), ...(party !== undefined && { party }) };
}

/** Brings an empty database to the shape of an older release, with rows in each of its tables. */
export async function fillAsOldRelease(database: string, shape: number): Promise<void> {
  await prepareStore(database, { target: shape });
  await using raw = await connectRaw(database);
  const rows = ROWS.filter(({ since }) => since <= shape).map((it) => insert(it.table, asOfShape(shape, it)));
  await raw.run(['BEGIN', ...rows, 'COMMIT'].join(';\n'));
}

/** What a database of this release holds that was filled with the rows of each shape. */
export async function contentsOfNewStore(database: string): Promise<Contents> {
  await prepareStore(database);
  await using raw = await connectRaw(database);
  await raw.run(['BEGIN', ...ROWS.map(({ table, values }) => insert(table, values)), 'COMMIT'].join(';\n'));
  return contentsOf(database);
}

/** The shape that notes at which charge points cards were read. */
const CARD_READERS_SINCE = 14;

/** The same after an upgrade from `shape`: tables that came later are empty, but for the inputs that the upgrade to shape 2 makes. */
export function afterUpgradeFrom(shape: number, contents: Contents): Contents {
  const later = new Set(ROWS.filter(({ since, table }) => since > shape && table !== 'input').map(({ table }) => table));
  // Rows of an older release are not encrypted, so the counter that says that all are is missing.
  const unmarked = (rows: readonly string[]) => (shape < 7 ? rows.filter((it) => !it.includes('drivers-sealed')) : rows);
  // The charge point had sessions, so the upgrade notes that cards were read there.
  const noted = (rows: readonly string[]) => unmarked(rows).map((it) => (shape < CARD_READERS_SINCE ? it.replace(/(?<=\["reads_cards","?)0/, '1') : it));
  return Object.fromEntries(Object.entries(contents).map(([name, rows]) => [name, later.has(name) ? [] : noted(rows)]));
}

function insert(table: string, values: Values): string {
  const literal = (value: string | number | null) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value));
  return `INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${Object.values(values).map(literal).join(', ')})`;
}

/** The columns, the indexes, and the rows of each table, as sorted lines. */
export type Contents = Readonly<Record<string, readonly string[]>>;

/** All columns, indexes and rows of a database. */
export async function contentsOf(database: string): Promise<Contents> {
  await using raw = await connectRaw(database);
  const [columns, indexes] = database.startsWith('postgres') ? SCHEMA.postgres : SCHEMA.sqlite;
  const found = await raw.rows(columns);
  const printed = (rows: readonly Row[]) => rows.map((it) => JSON.stringify(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
  const contents: Record<string, readonly string[]> = { columns: printed(found), indexes: printed(await raw.rows(indexes)) };
  for (const table of new Set(found.map((it) => String(it.table_name)))) contents[table] = printed(await raw.rows(`SELECT * FROM ${table}`));
  return contents;
}

const SCHEMA = {
  sqlite: [
    `SELECT m.name AS table_name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`,
    "SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'view')",
  ],
  postgres: [
    `SELECT c.table_name, c.column_name, c.data_type, c.is_nullable, replace(c.column_default, current_schema(), '') AS preset FROM information_schema.columns AS c
      JOIN information_schema.tables AS t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
      WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'`,
    `SELECT i.indexname, replace(i.indexdef, current_schema(), '') AS indexdef, x.indisvalid FROM pg_indexes AS i
      JOIN pg_index AS x ON x.indexrelid = to_regclass(i.indexname) WHERE i.schemaname = current_schema()
      UNION ALL SELECT viewname, definition, true FROM pg_views WHERE schemaname = current_schema()`,
  ],
} as const;
