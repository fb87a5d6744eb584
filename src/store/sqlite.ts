import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { groupCommits } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Query, Row, SqlValue, Store, Write, Written } from './store.ts';
import { bindValues, type KeyVault } from './vault.ts';

interface Prepared {
  statement: StatementSync;
  /** It has a RETURNING clause. */
  returns: boolean;
}

/** Opens an SQLite store: one file, durable at each commit (WAL, synchronous=FULL). `:memory:` is not stored. */
export async function openSqlite(path: string, vault: KeyVault): Promise<Store> {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;',
  );
  const prepared = new Map<string, Prepared>();
  const prepare = ({ name, sql }: Write) => {
    const known = prepared.get(name);
    if (known) return known;
    const fresh = { statement: db.prepare(sql.replaceAll(/\$(\d+)/g, '?$1')), returns: /\breturning\b/i.test(sql) };
    prepared.set(name, fresh);
    return fresh;
  };
  const execute = (write: Write, values: readonly SqlValue[]): Written => {
    const { statement, returns } = prepare(write);
    if (!returns) return { changed: Number(statement.run(...values).changes), rows: [] };
    const rows: Row[] = statement.all(...values);
    return { changed: rows.length, rows };
  };
  const transact = (writes: readonly Write[]) => {
    const values = vault.inTransaction(() => writes.map((write) => bindValues(vault, write.values)));
    db.exec('BEGIN IMMEDIATE');
    try {
      const written = writes.map((write, n) => execute(write, values[n] ?? []));
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
        .statement.all(...query.values)
        .map((row) => query.read(row, vault)),
    first: async <T>(query: Query<T>) => {
      const row = prepare(query).statement.get(...query.values);
      return row && query.read(row, vault);
    },
    [Symbol.asyncDispose]: async () => db.close(),
  };
  await migrate(store, { transact: async (writes) => void transact(writes), serial: 'INTEGER PRIMARY KEY AUTOINCREMENT' });
  return store;
}
