import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Fence, GENERATION } from './fence.ts';
import { groupCommits } from './group-commit.ts';
import { type MigrationConnection, type MigrationOptions, migrate } from './migrate.ts';
import { integer } from './row.ts';
import { nextNumber } from './sql/counter.ts';
import { type Query, type Row, type SqlValue, type Store, StoreUnavailable, type Write, type Written } from './store.ts';
import { explainedFile, resultCode } from './unusable-file.ts';
import { bindValues, type KeyVault } from './vault.ts';

/** The database that is nowhere but in the memory of this process. */
export const IN_MEMORY = ':memory:';

interface Prepared {
  statement: StatementSync;
  /** It has a RETURNING clause. */
  returns: boolean;
}

/** Milliseconds that a statement waits for the lock of another process. */
const BUSY_MS = 5_000;
/** The same for a migration, which must not fail because a command beside it writes. */
const BUSY_MIGRATION_MS = 600_000;

function openFile(path: string, busyMs: number): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = ${busyMs}; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;`,
  );
  return db;
}

/** Brings a file to the newest shape and takes a generation for a node, on a connection of its own. */
export async function prepareSqlite(path: string, options: MigrationOptions & { fence?: Fence }): Promise<void> {
  if (path === IN_MEMORY) return; // It exists only in the connection that opens it.
  await explainedFile(path, async () => {
    const db = openFile(path, BUSY_MIGRATION_MS);
    try {
      await migrate(migrationConnection(db), options);
      if (options.fence) options.fence.generation = takeGeneration(db);
    } finally {
      db.close();
    }
  });
}

function takeGeneration(db: DatabaseSync): number {
  const row = db.prepare(nextNumber(GENERATION).sql.replaceAll('$', '?')).get(GENERATION);
  return integer(row ?? {}, 'value');
}

const migrationConnection = (db: DatabaseSync): MigrationConnection => ({
  kind: 'sqlite',
  serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  run: async (sql) => db.exec(sql),
  rows: async (sql) => db.prepare(sql).all(),
  transact: async (work) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      await work();
      db.exec('COMMIT');
    } catch (error) {
      rollBack(db);
      throw error;
    }
  },
  buildIndex: undefined,
});

/** A full disk ends the transaction by itself, and a second ROLLBACK would hide its error. */
function rollBack(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('ROLLBACK');
}

/** Opens an SQLite store: one file, durable at each commit (WAL, synchronous=FULL). `:memory:` is not stored. A node passes its fence. */
export async function openSqlite(path: string, vault: KeyVault, fence?: Fence): Promise<Store> {
  const db = openFile(path, BUSY_MS);
  if (path === IN_MEMORY) await migrate(migrationConnection(db));
  const prepare = preparedStatements(db);
  const checkGeneration = fence && path !== IN_MEMORY ? generationCheck(db, fence) : undefined;
  const execute = (write: Write, values: readonly SqlValue[]): Written => {
    const { statement, returns } = prepare(write);
    if (!returns) return { changed: Number(statement.run(...values).changes), rows: [] };
    const rows: Row[] = statement.all(...values);
    return { changed: rows.length, rows };
  };
  const transact = (writes: readonly Write[]) => {
    if (fence?.lost) throw fence.lost;
    const values = vault.inTransaction(() => writes.map((write) => bindValues(vault, write.values)));
    return orUnavailable(path, () => {
      db.exec('BEGIN IMMEDIATE');
      try {
        checkGeneration?.();
        const written = writes.map((write, n) => execute(write, values[n] ?? []));
        db.exec('COMMIT');
        if (fence?.checkFiles()) throw fence.lost;
        return written;
      } catch (error) {
        rollBack(db);
        throw error;
      }
    });
  };
  return {
    kind: 'sqlite',
    commit: groupCommits(transact),
    all: async <T>(query: Query<T>) => orUnavailable(path, () => prepare(query).statement.all(...query.values)).map((row) => query.read(row, vault)),
    first: async <T>(query: Query<T>) => {
      const row = orUnavailable(path, () => prepare(query).statement.get(...query.values));
      return row && query.read(row, vault);
    },
    [Symbol.asyncDispose]: async () => db.close(),
  };
}

function preparedStatements(db: DatabaseSync): (write: Write) => Prepared {
  const prepared = new Map<string, Prepared>();
  return ({ name, sql }) => {
    const known = prepared.get(name);
    if (known) return known;
    const fresh = { statement: db.prepare(sql.replaceAll(/\$(\d+)/g, '?$1')), returns: /\breturning\b/i.test(sql) };
    prepared.set(name, fresh);
    return fresh;
  };
}

function generationCheck(db: DatabaseSync, fence: Fence): () => void {
  const generation = db.prepare('SELECT value FROM counter WHERE name = ?');
  return () => {
    const found = generation.get(GENERATION)?.value;
    if (found !== fence.generation) throw fence.supersededBy(typeof found === 'number' ? found : undefined);
  };
}

/** Result codes of SQLite that no statement is to blame for: busy, read-only, input or output, damaged, full, cannot open. */
const UNUSABLE: ReadonlySet<number> = new Set([5, 8, 10, 11, 13, 14]);

/** Runs a call; an error of the file becomes `StoreUnavailable` with its path and the free space. */
function orUnavailable<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = resultCode(error);
    if (!(error instanceof Error) || code === undefined || !UNUSABLE.has(code)) throw error;
    throw new StoreUnavailable(`${path}: ${error.message}; ${freeSpace(path)}`, { cause: error });
  }
}

function freeSpace(path: string): string {
  if (path === IN_MEMORY) return 'it is in memory';
  const { bavail, bsize } = statfsSync(dirname(path));
  return `${Math.floor((bavail * bsize) / 1_000_000)} MB are free on its disk`;
}
