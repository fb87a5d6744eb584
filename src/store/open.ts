import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { closable } from './closable.ts';
import { type Encryption, encryptWith } from './encryption.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';
import { type KeyVault, noVault, openVault } from './vault.ts';

/** Whether a `database` setting is a PostgreSQL URL and not a file of SQLite. */
export const isPostgres = (database: string) => /^postgres(ql)?:\/\//.test(database);

/** Opens a PostgreSQL store for a URL, else an SQLite file. Without a vault, drivers' data cannot be read or written. */
export async function openStore(database: string, vault: KeyVault = noVault): Promise<Store> {
  if (!isPostgres(database)) return closable(await openSqlite(database, vault));
  const { openPostgres } = await import('./postgres.ts');
  return closable(await openPostgres(database, vault));
}

/** The default path of a store's key file. */
export const keyFileFor = (database: string): string => (isPostgres(database) ? './evenkeel.key' : `${database}.key`);

/** Reads the key file, or creates it with a new key; an undefined path gives a temporary key. Throws when the file has no valid key. */
export function openEncryption(path: string | undefined): Encryption {
  if (path === undefined) return encryptWith(randomBytes(32));
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path}: found no key of 32 bytes in Base64; restore the right file, or remove it and register all peers again`);
  return encryptWith(key);
}

/** The path of the vault: next to the key file, and like it not part of a backup of the store. */
export const vaultFileFor = (keyFile: string): string => `${keyFile}.drivers`;

/** Opens what is needed to read a store: the encryption of its secrets, and the vault with the drivers' keys. */
export function openSecrets({ database, key_file }: { database: string; key_file?: string | undefined }): { encryption: Encryption; vault: KeyVault } {
  const keyFile = database === ':memory:' ? undefined : (key_file ?? keyFileFor(database));
  const encryption = openEncryption(keyFile);
  return { encryption, vault: openVault(keyFile === undefined ? ':memory:' : vaultFileFor(keyFile), encryption) };
}
