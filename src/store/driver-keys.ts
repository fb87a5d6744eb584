import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DriverId } from '../domain/ids.ts';
import { type Encryption, encryptWith } from './encryption.ts';

/** What opens and encrypts one driver's data. */
export type DriverKey = Pick<Encryption, 'encrypt' | 'decrypt'>;

/** Keys that are kept at hand. */
const MOST_KEPT = 10_000;
/** Texts of one driver that are kept with the key: a uid, a contract, and a reference for each of some sessions. */
const MOST_TEXTS = 16;

/** A driver's sessions and their events repeat the same few texts: each is encrypted once as long as the key is at hand. */
function remembering(encryption: Encryption): DriverKey {
  const once = (work: (text: string) => string) => {
    const done = new Map<string, string>();
    return (text: string) => {
      const known = done.get(text);
      if (known !== undefined) return known;
      const fresh = work(text);
      if (done.size >= MOST_TEXTS) done.clear();
      done.set(text, fresh);
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
  // Whoever looks into the file after a key was deleted must not find it in a corner of it.
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  db.exec('CREATE TABLE IF NOT EXISTS driver (id TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID');
  return db;
}

/** The file with the keys of drivers, each 256 random bits and encrypted with the key of the node, so that the file alone opens nothing. */
export class DriverKeys implements Disposable {
  readonly #path: string;
  readonly #encryption: Encryption;
  readonly #db: DatabaseSync;
  readonly #kept = new Map<DriverId, DriverKey | undefined>();
  readonly #find;
  readonly #version;
  #seen: unknown;
  #looked = false;
  #transaction: { begun: boolean } | undefined;

  constructor(path: string, encryption: Encryption) {
    this.#path = path;
    this.#encryption = encryption;
    this.#db = openFile(path);
    this.#find = this.#db.prepare('SELECT key FROM driver WHERE id = ?');
    this.#version = this.#db.prepare('PRAGMA data_version');
  }

  /** What encrypts and opens a driver's data; undefined when there is no key. */
  find(driver: DriverId): DriverKey | undefined {
    this.#lookForChanges();
    return this.#kept.has(driver) ? this.#kept.get(driver) : this.#read(driver);
  }

  /** A key for a driver who has none. */
  create(driver: DriverId): DriverKey {
    if (this.#transaction?.begun === false) {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#transaction.begun = true;
    }
    const add = this.#db.prepare('INSERT INTO driver (id, key) VALUES (?, ?) ON CONFLICT (id) DO NOTHING');
    add.run(driver, this.#encryption.encrypt(randomBytes(32).toString('base64')));
    const key = this.#read(driver);
    if (!key) throw new Error(`the vault ${this.#path} did not keep the key of a driver: restore the file, or let this user write to it`);
    return key;
  }

  /** Does work that may make keys; those that it made are on the disk when it is done, all by one transaction. */
  inTransaction<T>(work: () => T): T {
    const transaction = { begun: false };
    this.#transaction = transaction;
    try {
      const done = work();
      if (transaction.begun) this.#db.exec('COMMIT');
      return done;
    } catch (error) {
      this.#kept.clear();
      if (transaction.begun) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#transaction = undefined;
    }
  }

  /** Deletes a driver's key and what the file remembers of it; false when there was none. */
  erase(driver: DriverId): boolean {
    const { changes } = this.#db.prepare('DELETE FROM driver WHERE id = ?').run(driver);
    this.#kept.delete(driver);
    const emptied = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (emptied?.busy === 1) throw new Error(`the key is deleted, but ${this.#path}-wal may still hold it, since the vault is in use: run the same again`);
    return Number(changes) === 1;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /** Another process, such as a command of the operator, may have deleted a key: looked for once in each turn of the event loop. */
  #lookForChanges(): void {
    if (this.#looked) return;
    this.#looked = true;
    setImmediate(() => {
      this.#looked = false;
    });
    const now = this.#version.get()?.data_version;
    if (now !== this.#seen) this.#kept.clear();
    this.#seen = now;
  }

  #read(driver: DriverId): DriverKey | undefined {
    const found = this.#find.get(driver)?.key;
    const key = typeof found === 'string' ? remembering(encryptWith(Buffer.from(this.#encryption.decrypt(found), 'base64'))) : undefined;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(driver, key);
    return key;
  }
}
