import { existsSync, statSync } from 'node:fs';
import { keyFileFor, vaultFileFor } from '../../../store/open.ts';
import { integer } from '../../../store/row.ts';
import { lastNumber } from '../../../store/sql/counter.ts';
import type { Query, Store } from '../../../store/store.ts';
import type { Config } from '../../config/config.ts';
import { ALL_ENCRYPTED } from '../../upkeep/encrypt-old-rows.ts';
import { type Finding, failed } from './finding.ts';

const ANY_DRIVER: Query<number> = {
  name: 'any-driver',
  sql: 'SELECT seq FROM session WHERE driver IS NOT NULL LIMIT 1',
  values: [],
  read: (row) => integer(row, 'seq'),
};

/** The vault of drivers' keys: for its owner's eyes only, and there when the database was encrypted with it (SEC-46). Nothing to say when all is well. */
export async function checkVault({ database, key_file }: Config, store: Store): Promise<readonly Finding[]> {
  if (database === ':memory:') return [];
  const path = vaultFileFor(key_file ?? keyFileFor(database));
  if (existsSync(path)) {
    const mode = statSync(path).mode & 0o777;
    return (mode & 0o077) === 0 ? [] : [failed('vault', `${path} can be read by others (mode ${mode.toString(8)}): chmod 600 ${path}`)];
  }
  const encrypted = (await store.first(lastNumber(ALL_ENCRYPTED))) !== undefined && (await store.first(ANY_DRIVER)) !== undefined;
  return !encrypted ? [] : [failed('vault', `${path} is not there, so drivers in this database read as erased: put the file back beside the key file`)];
}
