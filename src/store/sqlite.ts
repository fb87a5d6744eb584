import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { groupCommits } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Query, Row, SqlValue, Store, Write, Written } from './store.ts';
import { bindValues, type KeyVault } from './vault.ts';

interface Prepared {
  run: StatementSync;
  returns: boolean;
}

/** Opens the embedded store: one file, durable at each commit (WAL, synchronous=FULL). `:memory:` keeps nothing. */
export async function openSqlite(path: string, vault: KeyVault): Promise<Store> {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;',
  );
  const prepared = new Map<string, Prepared>();
  const prepare = (statement: Write) => {
    const known = prepared.get(statement.name);
    if (known) return known;
    const fresh = { run: db.prepare(statement.sql.replaceAll(/\$(\d+)/g, '?$1')), returns: /\breturning\b/i.test(statement.sql) };
    prepared.set(statement.name, fresh);
    return fresh;
  };
  const carryOut = (write: Write, values: readonly SqlValue[]): Written => {
    const { run: statement, returns } = prepare(write);
    if (!returns) return { changed: Number(statement.run(...values).changes), rows: [] };
    const rows: Row[] = statement.all(...values);
    return { changed: rows.length, rows };
  };
  const transact = (writes: readonly Write[]) => {
    const values = vault.inTransaction(() => writes.map((write) => bindValues(vault, write.values)));
    db.exec('BEGIN IMMEDIATE');
    try {
      const written = writes.map((write, n) => carryOut(write, values[n] ?? []));
      db.exec('COMMIT');
      return written;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
  const store: Store = {
    kind: 'sqlite',
    commit: groupCommits(transact),
    all: async <T>(query: Query<T>) =>
      prepare(query)
        .run.all(...query.values)
        .map((row) => query.read(row, vault)),
    first: async <T>(query: Query<T>) => {
      const row = prepare(query).run.get(...query.values);
      return row && query.read(row, vault);
    },
    [Symbol.asyncDispose]: async () => db.close(),
  };
  await migrate(store, { transact: async (writes) => void transact(writes), serial: 'INTEGER PRIMARY KEY AUTOINCREMENT' });
  return store;
}
