import { begin } from './migrations/0001-begin.ts';
import { delegation } from './migrations/0002-delegation.ts';
import { locations } from './migrations/0003-locations.ts';
import { tokens } from './migrations/0004-tokens.ts';
import { hub } from './migrations/0005-hub.ts';
import { preferences } from './migrations/0006-preferences.ts';
import { retention } from './migrations/0007-retention.ts';
import { claims } from './migrations/0008-claims.ts';
import { consoleTables } from './migrations/0009-console.ts';
import { sites } from './migrations/0010-sites.ts';
import { evses } from './migrations/0011-evses.ts';
import { integer } from './row.ts';
import type { Store, Write } from './store.ts';

const migrations: readonly ((serial: string) => readonly string[])[] = [
  begin,
  delegation,
  locations,
  tokens,
  hub,
  preferences,
  retention,
  claims,
  consoleTables,
  sites,
  evses,
];

/** What a migration needs from one kind of store. */
interface Dialect {
  transact(writes: readonly Write[]): Promise<void>;
  /** The column type of an automatically increasing key in this store. */
  serial: string;
}

/** Runs the migrations that the store does not have yet; throws when the store was written by a newer release. */
export async function migrate(store: Store, dialect: Dialect): Promise<void> {
  const plain = (sql: string, n: number): Write => ({ name: `migrate-${n}`, sql, values: [] });
  await dialect.transact([plain('CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)', 0)]);
  const [done = 0] = await store.all({
    name: 'migrated',
    sql: 'SELECT COALESCE(MAX(number), 0) AS done FROM migration',
    values: [],
    read: (row) => integer(row, 'done'),
  });
  if (done > migrations.length)
    throw new Error(`database: found migration ${done}, allowed: up to ${migrations.length} in this release; start a newer release of evenkeel`);
  for (const [index, migration] of migrations.entries()) {
    if (index < done) continue;
    const statements = [...migration(dialect.serial), `INSERT INTO migration (number) VALUES (${index + 1})`];
    await dialect.transact(statements.map((sql, n) => plain(sql, (index + 1) * 1000 + n)));
  }
}
