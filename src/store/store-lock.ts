import { DatabaseSync } from 'node:sqlite';
import type { Fence } from './fence.ts';
import { isPostgres } from './open.ts';

/** Another node is using this store. */
export class StoreInUse extends Error {
  constructor() {
    super('database: found one that another node is using; stop that node, or set another database');
  }
}

/** The lock of a store, held by one node or by `evenkeel migrate`. */
export interface StoreLock extends AsyncDisposable {
  /** False while the connection of the lock is lost and the lock is being taken again. */
  held(): boolean;
  /** Asks the server whether the connection of the lock still works, which a network may not tell; a broken one is replaced. */
  check(): Promise<void>;
}

/** What taking a lock needs. */
export interface LockOptions {
  wait(milliseconds: number): Promise<void>;
  /** Is lost when another process takes the lock later, which is possible after the loss of its connection. */
  fence?: Fence;
}

const ATTEMPTS = 10;
const RETRY_MS = 200;

/**
 * Locks a store for one node: two nodes on one store would answer for each other's charge points. The operating system or the
 * server releases the lock when the process ends, however it ends. Rejects with `StoreInUse` after about two seconds.
 */
export async function lockStore(database: string, { wait, fence }: LockOptions): Promise<StoreLock> {
  const tryLock = isPostgres(database)
    ? async () => (await import('./server-lock.ts')).lockServer(database, { retry: () => wait(RETRY_MS), fence })
    : async () => lockFile(`${database}.lock`);
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
  } catch {
    db.close(); // The error means that another process has the lock.
    return undefined;
  }
}
