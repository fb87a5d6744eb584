import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { buildCar } from '../../sim/index.ts';
import type { Emsp } from '../../sim/partner.ts';
import type { Config } from '../../src/node/config/config.ts';
import { openLog } from '../../src/node/core/log.ts';
import { keyFileFor, openStore, vaultFileFor } from '../../src/store/open.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { openWorld, type StoreKind, type World } from '../world.ts';

/** A driver whose ids occur nowhere else, so that a text search finds every trace. */
export const CANARY = { uid: 'UCANARY0815', contract: 'NL-MSP-CANARY4711', reference: 'ref-canary-42' } as const;
export const canaries = Object.values(CANARY);
const OTHER = 'DEADBEEF';

const TOKENS: Config['tokens'] = [
  { uid: CANARY.uid, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: CANARY.contract, valid: true, whitelist: 'ALWAYS' },
  { uid: OTHER, type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001', valid: true, whitelist: 'ALWAYS' },
];

const CONSENTS: Config['consents'] = [
  { token: CANARY.uid, party: 'NL*SCS', purpose: 'smart_charging', text_version: 'terms-3', given_at: '2026-01-01T00:00:00Z' },
];

/** A CPO node with its log lines at debug level, a remote eMSP, and a driver who charges there. */
export interface CanaryWorld extends AsyncDisposable {
  world: World;
  emsp: Emsp;
  lines: readonly string[];
  /** The driver charges with a reservation, and the eMSP sets a profile; resolves with the id of the session. */
  charge(): Promise<string>;
  /** The car leaves; resolves when the eMSP has received the end of the session. */
  leave(): Promise<void>;
  /** Another driver charges, from start to end; resolves with the id of the session. */
  another(): Promise<string>;
}

export async function openCanaryWorld(store: StoreKind): Promise<CanaryWorld> {
  const lines: string[] = [];
  await using stack = new AsyncDisposableStack();
  const world = stack.use(
    await openWorld({ store, log: openLog('debug', { write: (line) => void lines.push(line) }), config: { tokens: TOKENS, consents: CONSENTS } }),
  );
  const emsp = await world.emsp();
  const station = await world.station('CP-16');
  const everything = stack.move();
  const over = (id: unknown) => emsp.session((it) => it.id === id && it.status === 'COMPLETED');
  let session: unknown;
  return {
    world,
    emsp,
    lines,
    charge: async () => {
      await world.node().reserve({ evseUid: 'CP-16-1', tokenUid: CANARY.uid, reference: CANARY.reference });
      await station.plugIn(1, { car: buildCar(), idToken: { uid: CANARY.uid, type: 'ISO14443' } });
      ({ id: session } = await emsp.session((it) => it.status === 'ACTIVE'));
      const set = await emsp.set(String(session), { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 8 }] });
      await set.later;
      return String(session);
    },
    leave: async () => {
      await station.unplug(1);
      await over(session);
    },
    another: async () => {
      const other = await world.charging(emsp, station);
      await station.unplug(1);
      await over(other);
      return other;
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** Writes the configuration of a node to a file, for commands that run beside the node; returns its path. */
export function fileOf({ database, key_file = keyFileFor(database) }: Config, folder: string): string {
  const path = join(folder, 'evenkeel.yaml');
  const tokens = TOKENS.map((it) => `  - ${JSON.stringify(it)}`).join('\n');
  const parties = 'parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel CPO }]';
  writeFileSync(path, `public_url: https://ocpi.example.com\ndatabase: ${database}\nkey_file: ${key_file}\n${parties}\ntokens:\n${tokens}\n`);
  return path;
}

/** The keys of drivers in a vault file. */
export function keysIn(vault: string): string[] {
  using db = disposable(new DatabaseSync(vault));
  return db.it
    .prepare('SELECT key FROM driver')
    .all()
    .map(({ key }) => String(key));
}

/** Everything that a node stores, as text: the key file, the vault, and the database (its files, or all tables of a server). */
export async function atRest({ database, key_file = keyFileFor(database) }: Config): Promise<string> {
  const vault = vaultFileFor(key_file);
  const files = [key_file, vault, `${vault}-wal`, `${vault}-shm`, database, `${database}-wal`, `${database}-shm`].filter(existsSync);
  const bytes = files.map((file) => readFileSync(file, 'latin1'));
  return [...bytes, ...(database.startsWith('postgres') ? await tablesOf(database) : [])].join('\n');
}

async function tablesOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'");
    const rows: string[] = [];
    for (const { name } of tables.rows) rows.push(JSON.stringify((await client.query(`SELECT * FROM ${name}`)).rows));
    return rows;
  } finally {
    await client.end();
  }
}

/** Copies a database while the node runs, as a backup does: a whole file, or the session table of a server. Returns the copy. */
export async function backUp(database: string, folder: string): Promise<string> {
  if (!database.startsWith('postgres')) {
    using db = disposable(new DatabaseSync(database));
    db.it.exec(`VACUUM INTO '${folder}/backup.db'`);
    return `${folder}/backup.db`;
  }
  const copy = await freshPostgres();
  const [from, to] = [new pg.Client({ connectionString: database }), new pg.Client({ connectionString: copy })];
  await Promise.all([from.connect(), to.connect()]);
  try {
    const { rows } = await from.query('SELECT * FROM session');
    await (await openStore(copy))[Symbol.asyncDispose]();
    for (const row of rows) await to.query('INSERT INTO session SELECT * FROM json_populate_record(NULL::session, $1)', [JSON.stringify(row)]);
    return copy;
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

const disposable = (it: DatabaseSync) => ({ it, [Symbol.dispose]: () => it.close() });
