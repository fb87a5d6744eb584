import { DatabaseSync } from 'node:sqlite';
import { isPostgres } from './open.ts';

/** Another node is at work on this store. */
export class StoreInUse extends Error {
  constructor() {
    super('another node runs on this database: stop it, or name another with database');
  }
}

/** Any number will do, as long as it stays the same. */
const NODE_LOCK = 2_210_230;
const TRIES = 10;
const BETWEEN_TRIES_MS = 200;

/**
 * Keeps a store for one node: two that work on one would answer for each other's charge points. The hold is the operating
 * system's or the server's, so it ends with the process, however that ends. Rejects with `StoreTaken` after a few seconds.
 */
export async function lockStore(database: string, wait: (milliseconds: number) => Promise<void>): Promise<AsyncDisposable> {
  const take = isPostgres(database) ? () => lockServer(database) : async () => lockFile(`${database}.lock`);
  for (let tries = 1; ; tries++) {
    const held = await take();
    if (held) return held;
    if (tries === TRIES) throw new StoreInUse();
    await wait(BETWEEN_TRIES_MS);
  }
}

function lockFile(path: string): AsyncDisposable | undefined {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by TEXT); COMMIT; BEGIN EXCLUSIVE',
    );
    return { [Symbol.asyncDispose]: async () => db.close() };
  } catch {
    db.close(); // somebody else holds it, which is the answer
    return undefined;
  }
}

async function lockServer(url: string): Promise<AsyncDisposable | undefined> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, application_name: 'evenkeel-alone', connectionTimeoutMillis: 3_000, keepAlive: true });
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [NODE_LOCK]);
  if (rows[0]?.held) {
    client.on('error', () => undefined); // a server that went away gave the lock away; the node's own writes will say so
    return { [Symbol.asyncDispose]: () => client.end() };
  }
  await client.end();
  return undefined;
}
