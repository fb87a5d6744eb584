import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { groupCommits } from './group.ts';
import { migrate } from './migrate.ts';
import type { Query, Row, Store, Write, Written } from './store.ts';

/** Opens the embedded store: one file, durable at each commit (WAL, synchronous=FULL). `:memory:` keeps nothing. */
export async function openSqlite(path: string): Promise<Store> {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;');
  const prepared = new Map<string, StatementSync>();
  const prepare = (statement: Write) => {
    const known = prepared.get(statement.name);
    if (known) return known;
    const fresh = db.prepare(statement.sql.replaceAll(/\$(\d+)/g, '?$1'));
    prepared.set(statement.name, fresh);
    return fresh;
  };
  const carryOut = (write: Write): Written => {
    if (/\breturning\b/i.test(write.sql)) {
      const rows: Row[] = prepare(write).all(...write.values);
      return { changed: rows.length, rows };
    }
    return { changed: Number(prepare(write).run(...write.values).changes), rows: [] };
  };
  const transact = (writes: readonly Write[]) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const written = writes.map(carryOut);
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
        .all(...query.values)
        .map(query.read),
    first: async <T>(query: Query<T>) => {
      const row = prepare(query).get(...query.values);
      return row && query.read(row);
    },
    [Symbol.asyncDispose]: async () => db.close(),
  };
  await migrate(store, { transact: async (writes) => void transact(writes), serial: 'INTEGER PRIMARY KEY AUTOINCREMENT' });
  return store;
}
