import { existsSync, readFileSync, statSync } from 'node:fs';
import { vaultIdIn } from '../../../store/driver-keys.ts';
import { storedVault, WrongVault } from '../../../store/key-check.ts';
import { keyFileFor, vaultFileFor } from '../../../store/open.ts';
import { integer } from '../../../store/row.ts';
import { lastNumber } from '../../../store/sql/counter.ts';
import type { Query, Store } from '../../../store/store.ts';
import type { Config } from '../../config/config.ts';
import { ALL_ENCRYPTED } from '../../upkeep/encrypt-old-rows.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

const KEY_BYTES = 32;

/** The file with the key that encrypts the tokens of peers: valid, and readable only by its owner (SEC-08). */
export function checkKeyFile({ database, key_file }: Config): readonly Finding[] {
  if (database === ':memory:') return [];
  const path = key_file ?? keyFileFor(database);
  if (!existsSync(path)) return [passed('key file', `${path} does not exist yet; the first start creates it`)];
  try {
    const bytes = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64').length;
    if (bytes !== KEY_BYTES)
      return [
        failed(
          'key file',
          `${path} holds ${bytes} bytes in Base64, but a key has ${KEY_BYTES}: restore the right file from a backup, or delete it and register all peers again`,
        ),
      ];
    return readableByOthers('key file', path) ?? [passed('key file', `${path} is valid and readable only by its owner`)];
  } catch (error) {
    return [failed('key file', `${path} cannot be read (${reasonOf(error)}): give this user read access, or name another file with key_file`)];
  }
}

/** The vault with the keys of drivers: readable only by its owner, and present when the database needs it (SEC-46). Returns failures only. */
export async function checkVault({ database, key_file }: Config, store: Store): Promise<readonly Finding[]> {
  if (database === ':memory:') return [];
  const path = vaultFileFor(key_file ?? keyFileFor(database));
  if (existsSync(path)) return readableByOthers('vault', path) ?? (await checkVaultId(path, store));
  const isNeeded = (await store.first(lastNumber(ALL_ENCRYPTED))) !== undefined && (await store.first(ANY_DRIVER)) !== undefined;
  return isNeeded ? [failed('vault', `${path} is missing, so all drivers in this database read as erased: restore the file next to the key file`)] : [];
}

/** The vault must be the one that the database was written with (F-72). */
async function checkVaultId(path: string, store: Store): Promise<readonly Finding[]> {
  const [known, found] = [await store.first(storedVault), vaultIdIn(path)];
  return known === undefined || found === undefined || known === found ? [] : [failed('vault', new WrongVault(path, 'another vault').message)];
}

function readableByOthers(check: string, path: string): readonly Finding[] | undefined {
  const mode = statSync(path).mode & 0o777;
  return (mode & 0o077) === 0 ? undefined : [failed(check, `other users can access ${path} (mode ${mode.toString(8)}): run chmod 600 ${path}`)];
}

const ANY_DRIVER: Query<number> = {
  name: 'any-driver',
  sql: 'SELECT seq FROM session WHERE driver IS NOT NULL LIMIT 1',
  values: [],
  read: (row) => integer(row, 'seq'),
};
