import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { closable } from './closable.ts';
import { type Encryption, encryptWith } from './encryption.ts';
import type { Fence } from './fence.ts';
import { keyFingerprint, OldKeyFiles, rememberKey, rememberVault, storedKey, storedVault, WrongKey, WrongVault } from './key-check.ts';
import { type MigrationOptions, SHAPE } from './migrate.ts';
import { type FoundShape, OlderStore, readShape, requireShape, shapeSourceOf } from './shape.ts';
import { IN_MEMORY, openSqlite, prepareSqlite } from './sqlite.ts';
import type { Store } from './store.ts';
import { explained } from './unusable-database.ts';
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
  await explained(database, () => preparePostgres(database, options));
}

/** Prepares a store, then opens it for normal work. */
export async function openStore(database: string, vault: KeyVault = noVault, options: Preparation = {}): Promise<Store> {
  await prepareStore(database, options);
  return open(database, vault, options.fence);
}

/** Opens a store beside a node, which may be running: never changes its tables. Throws `OlderStore` or `NewerStore` when they have another shape. */
export async function openStoreBeside(database: string, vault: KeyVault = noVault): Promise<Store> {
  const { store, found } = await openAsFound(database, vault);
  try {
    requireShape(found, SHAPE);
    return store;
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

/** Opens a store of any shape, to look at it. Throws `OlderStore` when it is a file that does not exist, which SQLite would create. */
export async function openAsFound(database: string, vault: KeyVault = noVault): Promise<{ store: Store; found: FoundShape }> {
  if (isMissing(database)) throw new OlderStore({ shape: 0, stepsDone: undefined }, SHAPE);
  const store = await open(database, vault);
  try {
    return { store, found: await explained(database, () => readShape(shapeSourceOf(store))) };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(database: string, vault: KeyVault, fence?: Fence): Promise<Store> {
  if (!isPostgres(database)) return closable(await openSqlite(database, vault, fence));
  const { openPostgres } = await import('./postgres.ts');
  return closable(await explained(database, () => openPostgres(database, vault, fence)));
}

/** Whether a database is a file of SQLite that does not exist. */
export const isMissing = (database: string): boolean => !isPostgres(database) && database !== IN_MEMORY && !existsSync(database);

/** The default path of a store's key file. */
export const keyFileFor = (database: string): string => (isPostgres(database) ? './evenkeel.key' : `${database}.key`);

function createKeyFile(path: string): void {
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(
      `key_file: ${path} cannot be created (${code}): let the user of this process write its folder and free its disk, or name a file with "key_file"`,
      { cause: error },
    );
  }
}

/** Reads the key file, or creates it with a new key; an undefined path gives a temporary key. Throws when the file has no valid key. */
export function openEncryption(path: string | undefined): Encryption {
  if (path === undefined) return encryptWith(randomBytes(32));
  if (!existsSync(path)) {
    createKeyFile(path);
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32) throw new Error(`${path}: found no key of 32 bytes in Base64; restore the right file, or remove it and register all peers again`);
  return encryptWith(key);
}

/** The path of the vault: next to the key file, and like it not part of a backup of the store. */
export const vaultFileFor = (keyFile: string): string => `${keyFile}.drivers`;

/** The database and the key file, as a configuration names them. */
export interface StoreLocation {
  database: string;
  key_file?: string | undefined;
}

/** The key file of a store; undefined for one in memory, whose key is in memory too. */
export const keyFileAt = ({ database, key_file }: StoreLocation): string | undefined =>
  database === IN_MEMORY ? undefined : (key_file ?? keyFileFor(database));

/** Opens what is needed to read a store: the encryption of its secrets, and the vault with the drivers' keys. */
export function openSecrets(at: StoreLocation): { encryption: Encryption; vault: KeyVault } {
  const keyFile = keyFileAt(at);
  const encryption = openEncryption(keyFile);
  return { encryption, vault: openVault(keyFile === undefined ? IN_MEMORY : vaultFileFor(keyFile), encryption) };
}

/** A store with what decrypts it; its disposal closes all of it. */
export interface OpenedStore extends AsyncDisposable {
  store: Store;
  encryption: Encryption;
  vault: KeyVault;
}

/**
 * Opens the store of a node: prepares it and remembers its key. Throws `WrongKey` when the key file is not the one that the store was
 * written with, `WrongVault` in the same case for the vault, unless `newVault`, and `OldKeyFiles` when a new database would stand beside
 * the files of an earlier one, unless `keepKey`.
 */
export async function openNodeStore(at: StoreLocation, options: Preparation & { keepKey?: boolean; newVault?: boolean } = {}): Promise<OpenedStore> {
  const { fence, keepKey = false, newVault = false } = options;
  const keyFile = keyFileAt(at);
  await prepareStore(at.database, { ...options, beforeCreating: () => (keepKey ? undefined : refuseOldKeyFiles(at)) });
  const opened = await openWithKey(at, (vault) => open(at.database, vault, fence), { newVault });
  if (keyFile !== undefined) {
    fence?.watch(vaultFileFor(keyFile), ...(isPostgres(at.database) ? [] : [at.database, `${at.database}-wal`]));
    await opened.store.commit([rememberKey(opened.encryption), rememberVault(opened.vault.identify(undefined), { isNew: newVault })]);
  }
  return opened;
}

/** Opens a store for a command, beside a node that may be running. Throws what `openStoreBeside` throws, `WrongKey` and `WrongVault`. */
export const openBeside = (at: StoreLocation): Promise<OpenedStore> => openWithKey(at, (vault) => openStoreBeside(at.database, vault));

async function openWithKey(
  at: StoreLocation,
  openWith: (vault: KeyVault) => Promise<Store>,
  { newVault = false }: { newVault?: boolean } = {},
): Promise<OpenedStore> {
  await using stack = new AsyncDisposableStack();
  const keyFile = keyFileAt(at);
  let knownVault: number | undefined;
  if (keyFile !== undefined) {
    // Read before the secrets are opened, which creates a missing key file.
    await using first = await openWith(noVault);
    const known = await first.first(storedKey);
    if (known !== undefined && !existsSync(keyFile)) throw new WrongKey(keyFile, 'nothing');
    if (known !== undefined && known !== keyFingerprint(openEncryption(keyFile))) throw new WrongKey(keyFile, 'another key');
    knownVault = newVault ? undefined : await first.first(storedVault);
    if (knownVault !== undefined && !existsSync(vaultFileFor(keyFile))) throw new WrongVault(vaultFileFor(keyFile), 'nothing');
  }
  const { encryption, vault } = openSecrets(at);
  stack.use(vault);
  if (keyFile !== undefined && knownVault !== undefined && vault.identify(knownVault) !== knownVault)
    throw new WrongVault(vaultFileFor(keyFile), 'another vault');
  const store = stack.use(await openWith(vault));
  const open = stack.move();
  return { store, encryption, vault, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/**
 * The files of an earlier database beside a new one. A key file at the default path of a file database belongs to one; one that
 * `key_file` names may have been made by hand, but not with a vault.
 */
export function oldKeyFiles(at: StoreLocation): readonly string[] {
  const keyFile = keyFileAt(at);
  if (keyFile === undefined) return [];
  const vault = vaultFileFor(keyFile);
  const isOwn = at.key_file === undefined && !isPostgres(at.database);
  return existsSync(vault) || (isOwn && existsSync(keyFile)) ? [keyFile, vault].filter((it) => existsSync(it)) : [];
}

function refuseOldKeyFiles(at: StoreLocation): void {
  const files = oldKeyFiles(at);
  if (files.length > 0) throw new OldKeyFiles(files);
}
