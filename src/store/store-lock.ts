import { DatabaseSync } from 'node:sqlite';
import type { LockOptions, StoreLock } from './lock.ts';
import { isPostgres } from './open.ts';
import { explained } from './unusable-database.ts';
import { BUSY, explainedFile, resultCode } from './unusable-file.ts';

/** Another node is using this store. */
export class StoreInUse extends Error {
  constructor() {
    super('database: found one that another node is using; stop that node, or set another database');
  }
}

const ATTEMPTS = 10;
const RETRY_MS = 200;

/**
 * Locks a store for one node: two nodes on one store would answer for each other's charge points. The operating system or the
 * server releases the lock when the process ends, however it ends. Rejects with `StoreInUse` after about two seconds.
 */
export async function lockStore(database: string, { wait, ...options }: LockOptions): Promise<StoreLock> {
  const tryLock = isPostgres(database)
    ? async () => explained(database, async () => (await import('./server-lock.ts')).lockServer(database, { ...options, retry: () => wait(RETRY_MS) }))
    : () => explainedFile(`${database}.lock`, () => lockFile(`${database}.lock`));
  for (let attempt = 1; ; attempt++) {
    const lock = await tryLock();
    if (lock) return lock;
    if (attempt === ATTEMPTS) throw new StoreInUse();
    await wait(RETRY_MS);
  }
}

/** The operating system keeps the lock of a file until the process ends. Who deletes the file can start a second node; the fence then stops the first. */
function lockFile(path: string): StoreLock | undefined {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by TEXT); COMMIT; BEGIN EXCLUSIVE',
    );
    return { held: () => true, check: async () => undefined, [Symbol.asyncDispose]: async () => db.close() };
  } catch (error) {
    db.close();
    if (resultCode(error) === BUSY) return undefined; // another process has the lock
    throw error;
  }
}
