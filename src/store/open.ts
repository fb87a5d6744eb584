import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { closable } from './closable.ts';
import { type Encryption, encryptWith } from './encryption.ts';
import type { Fence } from './fence.ts';
import { type MigrationOptions, SHAPE } from './migrate.ts';
import { OlderStore, readShape, requireShape, shapeSourceOf } from './shape.ts';
import { IN_MEMORY, openSqlite, prepareSqlite } from './sqlite.ts';
import type { Store } from './store.ts';
import { type KeyVault, noVault, openVault } from './vault.ts';

/** Whether a `database` setting is a PostgreSQL URL and not a file of SQLite. */
export const isPostgres = (database: string) => /^postgres(ql)?:\/\//.test(database);

/** What the preparation of a store may be given: the fence of a node gets a new generation. */
export type Preparation = MigrationOptions & { fence?: Fence };

/**
 * Brings the tables to the shape of this release, on a connection of its own without time limits, and creates them in an empty database.
 * Only the start of a node and `evenkeel migrate` may do this.
 */
export async function prepareStore(database: string, options: Preparation = {}): Promise<void> {
  if (!isPostgres(database)) return prepareSqlite(database, options);
  const { preparePostgres } = await import('./migrate-postgres.ts');
  await preparePostgres(database, options);
}

/** Opens the store of a node: prepares it, then opens it for normal work. */
export async function openStore(database: string, vault: KeyVault = noVault, options: Preparation = {}): Promise<Store> {
  await prepareStore(database, options);
  return closable(await open(database, vault, options.fence));
}

/** Opens a store beside a node, which may be running: never changes its tables. Throws `OlderStore` or `NewerStore` when they have another shape. */
export async function openStoreBeside(database: string, vault: KeyVault = noVault): Promise<Store> {
  if (isMissing(database)) throw new OlderStore({ shape: 0, stepsDone: undefined }, SHAPE); // SQLite would create it.
  const store = closable(await open(database, vault));
  try {
    requireShape(await readShape(shapeSourceOf(store)), SHAPE);
    return store;
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(database: string, vault: KeyVault, fence?: Fence): Promise<Store> {
  if (!isPostgres(database)) return openSqlite(database, vault, fence);
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(database, vault, fence);
}

/** Whether a database is a file of SQLite that does not exist. */
export const isMissing = (database: string): boolean => !isPostgres(database) && database !== IN_MEMORY && !existsSync(database);

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
