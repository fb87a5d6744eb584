import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DriverId } from '../domain/ids.ts';
import { type Encryption, encryptWith } from './encryption.ts';

/** Encrypts and decrypts the data of one driver. */
export type DriverKey = Pick<Encryption, 'encrypt' | 'decrypt'>;

/** Drivers' keys in the cache at most. */
const MAX_CACHED_KEYS = 10_000;
/** Texts of one driver in the cache at most: a uid, a contract id, and the authorization references of some sessions. */
const MAX_CACHED_TEXTS = 16;

/** A driver's sessions and events repeat a few texts, so results are cached together with the key. */
function withCache(encryption: Encryption): DriverKey {
  const once = (work: (text: string) => string) => {
    const cache = new Map<string, string>();
    return (text: string) => {
      const known = cache.get(text);
      if (known !== undefined) return known;
      const fresh = work(text);
      if (cache.size >= MAX_CACHED_TEXTS) cache.clear();
      cache.set(text, fresh);
      return fresh;
    };
  };
  return { encrypt: once(encryption.encrypt), decrypt: once(encryption.decrypt) };
}

function openFile(path: string): DatabaseSync {
  if (path !== ':memory:' && !existsSync(path)) {
    writeFileSync(path, '', { mode: 0o600, flag: 'a' });
    chmodSync(path, 0o600);
  }
  const db = new DatabaseSync(path);
  // secure_delete overwrites deleted keys, so that they cannot be read from free pages of the file.
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  db.exec('CREATE TABLE IF NOT EXISTS driver (id TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID');
  db.exec('CREATE TABLE IF NOT EXISTS vault (id INTEGER PRIMARY KEY)');
  return db;
}

/** The id of the vault in a file, read without changing it; undefined when it has none, as in an older release. */
export function vaultIdIn(path: string): number | undefined {
  using db = new DatabaseSync(path, { readOnly: true });
  const hasId = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'vault'").get() !== undefined;
  const id = hasId ? db.prepare('SELECT id FROM vault').get()?.id : undefined;
  return typeof id === 'number' ? id : undefined;
}

/** The file with the drivers' keys, each 256 random bits and encrypted with the node's key, so that the file alone decrypts nothing. */
export class DriverKeys implements Disposable {
  readonly #path: string;
  readonly #encryption: Encryption;
  readonly #db: DatabaseSync;
  readonly #cache = new Map<DriverId, DriverKey | undefined>();
  readonly #select;
  readonly #dataVersion;
  #knownVersion: unknown;
  #checked = false;
  #transaction: { begun: boolean } | undefined;

  constructor(path: string, encryption: Encryption) {
    this.#path = path;
    this.#encryption = encryption;
    this.#db = openFile(path);
    this.#select = this.#db.prepare('SELECT key FROM driver WHERE id = ?');
    this.#dataVersion = this.#db.prepare('PRAGMA data_version');
  }

  /** The key of a driver; undefined when there is none. */
  find(driver: DriverId): DriverKey | undefined {
    this.#dropChangedKeys();
    return this.#cache.has(driver) ? this.#cache.get(driver) : this.#read(driver);
  }

  /** Creates a key for a driver who has none; throws when the file does not keep it. */
  create(driver: DriverId): DriverKey {
    if (this.#transaction?.begun === false) {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#transaction.begun = true;
    }
    const add = this.#db.prepare('INSERT INTO driver (id, key) VALUES (?, ?) ON CONFLICT (id) DO NOTHING');
    add.run(driver, this.#encryption.encrypt(randomBytes(32).toString('base64')));
    const key = this.#read(driver);
    if (!key) throw new Error(`vault ${this.#path}: a new key was not stored; restore the file, or give this user permission to write to it`);
    return key;
  }

  /** The id of this vault, which its copies share. A vault without one, of an older release or new, gets `known` if it has keys, else a random one. */
  identify(known: number | undefined): number {
    const id = this.#db.prepare('SELECT id FROM vault').get()?.id;
    if (typeof id === 'number') return id;
    const hasKeys = this.#db.prepare('SELECT 1 FROM driver LIMIT 1').get() !== undefined;
    const given = (hasKeys ? known : undefined) ?? randomBytes(6).readUIntBE(0, 6);
    this.#db.prepare('INSERT INTO vault (id) VALUES (?)').run(given);
    return given;
  }

  /** Runs work that may create keys; one transaction writes all of them to the disk before it returns, or none if the work throws. */
  inTransaction<T>(work: () => T): T {
    const transaction = { begun: false };
    this.#transaction = transaction;
    try {
      const result = work();
      if (transaction.begun) this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#cache.clear();
      // A full disk has ended the transaction already; a second ROLLBACK would hide its error.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#transaction = undefined;
    }
  }

  /** Deletes a driver's key, also from the write-ahead log; false when there was none. Throws when the log is in use. */
  erase(driver: DriverId): boolean {
    const { changes } = this.#db.prepare('DELETE FROM driver WHERE id = ?').run(driver);
    this.#cache.delete(driver);
    const truncated = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (truncated?.busy === 1)
      throw new Error(`vault ${this.#path}: the key is deleted, but ${this.#path}-wal is in use and may still contain it; run the command again`);
    return Number(changes) === 1;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /** Empties the cache when another process, such as a command, changed the file; checked once in each turn of the event loop. */
  #dropChangedKeys(): void {
    if (this.#checked) return;
    this.#checked = true;
    setImmediate(() => {
      this.#checked = false;
    });
    const version = this.#dataVersion.get()?.data_version;
    if (version !== this.#knownVersion) this.#cache.clear();
    this.#knownVersion = version;
  }

  #read(driver: DriverId): DriverKey | undefined {
    const found = this.#select.get(driver)?.key;
    const key = typeof found === 'string' ? withCache(encryptWith(Buffer.from(this.#encryption.decrypt(found), 'base64'))) : undefined;
    if (this.#cache.size >= MAX_CACHED_KEYS) this.#cache.clear();
    this.#cache.set(driver, key);
    return key;
  }
}
