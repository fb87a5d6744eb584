import { DatabaseSync } from 'node:sqlite';
import { isPostgres } from './open.ts';

/** Another node is using this store. */
export class StoreInUse extends Error {
  constructor() {
    super('database: found one that another node is using; stop that node, or set another database');
  }
}

/** The number of the advisory lock: arbitrary, but the same in every release. */
const NODE_LOCK = 2_210_230;
const ATTEMPTS = 10;
const RETRY_MS = 200;

/**
 * Locks a store for one node: two nodes on one store would answer for each other's charge points. The operating system or the
 * server releases the lock when the process ends, however it ends. Rejects with `StoreInUse` after about two seconds.
 */
export async function lockStore(database: string, wait: (milliseconds: number) => Promise<void>): Promise<AsyncDisposable> {
  const tryLock = isPostgres(database) ? () => lockServer(database) : async () => lockFile(`${database}.lock`);
  for (let attempt = 1; ; attempt++) {
    const lock = await tryLock();
    if (lock) return lock;
    if (attempt === ATTEMPTS) throw new StoreInUse();
    await wait(RETRY_MS);
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
    db.close(); // The error means that another process has the lock.
    return undefined;
  }
}

async function lockServer(url: string): Promise<AsyncDisposable | undefined> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, application_name: 'evenkeel-lock', connectionTimeoutMillis: 3_000, keepAlive: true });
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [NODE_LOCK]);
  if (rows[0]?.held) {
    client.on('error', () => undefined); // A lost connection releases the lock; the node notices by its failing writes.
    return { [Symbol.asyncDispose]: () => client.end() };
  }
  await client.end();
  return undefined;
}
