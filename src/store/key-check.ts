import type { Encryption } from './encryption.ts';
import { lastNumber } from './sql/counter.ts';
import type { Query, Write } from './store.ts';

/** The counter whose value is the fingerprint of the key that the store was written with. */
const KEY_FINGERPRINT = 'key-fingerprint';

/** The fingerprint in a store; no row in a store of an older release. */
export const storedKey: Query<number> = lastNumber(KEY_FINGERPRINT);

/** 48 bits that reveal nothing about the key: enough to notice a wrong file. */
export const keyFingerprint = (encryption: Encryption): number => Number.parseInt(encryption.pseudonym('store', 'key').slice(0, 12), 16);

/** Remembers the key that a store is written with, once. */
export const rememberKey = (encryption: Encryption): Write => ({
  name: 'remember-key',
  sql: 'INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
  values: [KEY_FINGERPRINT, keyFingerprint(encryption)],
});

/** The key file is missing, or is not the one that the database was written with. */
export class WrongKey extends Error {
  constructor(path: string, found: 'nothing' | 'another key') {
    super(`${path}: found ${found}, allowed: the key that the database was written with; restore the file from a backup, or name the right one with key_file`);
  }
}

/** The counter whose value is the id of the vault that the store was written with. */
const VAULT_ID = 'vault-id';

/** The id of the vault in a store; no row in a store of an older release. */
export const storedVault: Query<number> = lastNumber(VAULT_ID);

/** Remembers the vault that a store is written with; a later one only replaces it with `isNew`. */
export const rememberVault = (id: number, { isNew }: { isNew: boolean }): Write => ({
  name: isNew ? 'replace-vault' : 'remember-vault',
  sql: `INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO ${isNew ? 'UPDATE SET value = excluded.value' : 'NOTHING'}`,
  values: [VAULT_ID, id],
});

/** The vault is missing, or is not the one that the database was written with. */
export class WrongVault extends Error {
  constructor(path: string, found: 'nothing' | 'another vault') {
    super(
      `${path}: found ${found}, allowed: the vault with the drivers’ keys that the database was written with; restore the file from a backup, or name the right key file with key_file. If it is lost for good, drivers read as erased: evenkeel migrate --new-vault --config FILE`,
    );
  }
}

/** A new database beside the files of an earlier one: the earlier database was probably lost, or "database" names a wrong one. */
export class OldKeyFiles extends Error {
  constructor(files: readonly string[]) {
    super(
      `database: found a new one, but ${files.join(' and ')} of an earlier one; correct "database" or restore the earlier database. To begin anew, move ${files.length > 1 ? 'these files' : 'this file'} away, or keep the key: evenkeel migrate --keep-key --config FILE`,
    );
  }
}
