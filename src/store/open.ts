import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Encryption, encryptWith } from './encryption.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';
import { type KeyVault, noVault, openVault } from './vault.ts';

/** Whether a `database` setting names a server rather than a file. */
export const isPostgres = (database: string) => /^postgres(ql)?:\/\//.test(database);

/** Opens the store that a configuration names: a PostgreSQL URL, or else a file of SQLite. Without a vault it tells nothing of drivers. */
export async function openStore(database: string, vault: KeyVault = noVault): Promise<Store> {
  if (!isPostgres(database)) return openSqlite(database, vault);
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(database, vault);
}

/** Where the encrypting key of a store is kept when nothing else is said. */
export const keyFileFor = (database: string): string => (isPostgres(database) ? './evenkeel.key' : `${database}.key`);

/** Reads the encrypting key, and makes one the first time; it is useless without the store, and the store's secrets without it. */
export function openEncryption(path: string | undefined): Encryption {
  if (path === undefined) return encryptWith(randomBytes(32));
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path} is no key of 32 bytes in Base64: put back the right file, or remove it and register all peers anew`);
  return encryptWith(key);
}

/** Where the keys of drivers are kept: beside the encrypting key, and like it in no backup of the store. */
export const vaultFileFor = (keyFile: string): string => `${keyFile}.drivers`;

/** What a store cannot be read without: the key that encrypts its secrets, and the vault with the keys of drivers. */
export function openSecrets({ database, key_file }: { database: string; key_file?: string | undefined }): { encryption: Encryption; vault: KeyVault } {
  const keyFile = database === ':memory:' ? undefined : (key_file ?? keyFileFor(database));
  const encryption = openEncryption(keyFile);
  return { encryption, vault: openVault(keyFile === undefined ? ':memory:' : vaultFileFor(keyFile), encryption) };
}
