import { type DriverId, driverId } from '../domain/ids.ts';
import { ERASED } from '../domain/personal-data.ts';
import { type DriverKey, DriverKeys } from './driver-keys.ts';
import { driverIdOf, type Encryption } from './encryption.ts';
import type { SqlValue, Vault, WriteValue } from './store.ts';

/** The drivers' keys, in a file of its own that is in no copy of the store (SEC-46). */
export interface KeyVault extends Vault, Disposable {
  /** Does work that may make keys; those that it made are on the disk when it is done, all by one transaction. */
  inTransaction<T>(work: () => T): T;
  /** Makes what was encrypted for a driver unreadable for good, here and in all copies of the store; false when there was no key. */
  erase(driver: DriverId): boolean;
}

/** `~`, whose it is, `~`, the encrypted text: longer than any text that the wire allows where it stands, so that no peer can pass one off. */
const SEALED = /^~([0-9A-F]{36})~([\w-]+)$/;

/** Opens the vault at a path, made when absent; the keys in it are encrypted with `encryption`, so that the file alone opens nothing. */
export function openVault(path: string, encryption: Encryption): KeyVault {
  const keys = new DriverKeys(path, encryption);
  const encrypted = (driver: DriverId, key: DriverKey, text: string) => `~${driver}~${key.encrypt(text)}`;
  return {
    driverOf: (uid) => driverIdOf(encryption, uid),
    encrypt: (driver, text) => encrypted(driver, keys.find(driver) ?? keys.create(driver), text),
    encryptCopy: (driver, text) => {
      const key = keys.find(driver);
      return key ? encrypted(driver, key, text) : ERASED;
    },
    decrypt: (text) => {
      const [, driver, box] = SEALED.exec(text) ?? [];
      if (driver === undefined || box === undefined) return text;
      return openedWith(keys.find(driverId(driver)), box);
    },
    inTransaction: (work) => keys.inTransaction(work),
    erase: (driver) => keys.erase(driver),
    [Symbol.dispose]: () => keys[Symbol.dispose](),
  };
}

/** A driver who came back after being erased has another key, which does not open what was encrypted with the first. */
function openedWith(key: DriverKey | undefined, box: string): string {
  if (!key) return ERASED;
  try {
    return key.decrypt(box);
  } catch {
    return ERASED;
  }
}

/** For whoever opens a store for other things than drivers' data: those it can neither read nor write. */
export const noVault: KeyVault = {
  driverOf: closed,
  encrypt: closed,
  encryptCopy: closed,
  decrypt: closed,
  inTransaction: (work) => work(),
  erase: closed,
  [Symbol.dispose]: () => undefined,
};
function closed(): never {
  throw new Error('the store was opened without the vault of drivers, and data of a driver are asked of it: open it with openSecrets and its vault');
}

/** The values of statements as they go to a store. */
export const bindValues = (vault: Vault, values: readonly WriteValue[]): SqlValue[] =>
  values.map((value) => (typeof value === 'function' ? value(vault) : value));
