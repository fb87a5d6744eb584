import { type DriverId, driverId } from '../domain/ids.ts';
import { ERASED } from '../domain/personal-data.ts';
import { type DriverKey, DriverKeys } from './driver-keys.ts';
import { driverIdOf, type Encryption } from './encryption.ts';
import type { SqlValue, Vault, WriteValue } from './store.ts';

/** A vault that keeps the drivers' keys in a separate file, which is in no copy of the store (SEC-46). */
export interface KeyVault extends Vault, Disposable {
  /** Runs work that may create keys; all new keys are on the disk before it returns, or none if the work throws. */
  inTransaction<T>(work: () => T): T;
  /** Makes all encrypted data of a driver unreadable for ever, here and in all copies of the store; false when there was no key. */
  erase(driver: DriverId): boolean;
  /** The id of the vault, by which a store knows it; `known`: the id in the store. */
  identify(known: number | undefined): number;
}

/** `~`, driver id, `~`, encrypted text: longer than OCPI allows for these fields, so a peer cannot send such a text. */
const ENCRYPTED = /^~([0-9A-F]{36})~([\w-]+)$/;

/** Opens the vault at a path and creates it when absent; its keys are encrypted with `encryption`, so that the file alone decrypts nothing. */
export function openVault(path: string, encryption: Encryption): KeyVault {
  const keys = new DriverKeys(path, encryption);
  const encryptedText = (driver: DriverId, key: DriverKey, text: string) => `~${driver}~${key.encrypt(text)}`;
  return {
    driverOf: (uid) => driverIdOf(encryption, uid),
    encrypt: (driver, text) => encryptedText(driver, keys.find(driver) ?? keys.create(driver), text),
    encryptCopy: (driver, text) => {
      const key = keys.find(driver);
      return key ? encryptedText(driver, key, text) : ERASED;
    },
    decrypt: (text) => {
      const [, driver, ciphertext] = ENCRYPTED.exec(text) ?? [];
      if (driver === undefined || ciphertext === undefined) return text;
      return decryptOrErased(keys.find(driverId(driver)), ciphertext);
    },
    inTransaction: (work) => keys.inTransaction(work),
    erase: (driver) => keys.erase(driver),
    identify: (known) => keys.identify(known),
    [Symbol.dispose]: () => keys[Symbol.dispose](),
  };
}

/** A driver who returns after the erasure gets another key, which does not decrypt the older data. */
function decryptOrErased(key: DriverKey | undefined, ciphertext: string): string {
  if (!key) return ERASED;
  try {
    return key.decrypt(ciphertext);
  } catch {
    return ERASED;
  }
}

/** The vault of a store that is opened without drivers' keys: reading or writing drivers' data throws. */
export const noVault: KeyVault = {
  driverOf: noKeys,
  encrypt: noKeys,
  encryptCopy: noKeys,
  decrypt: noKeys,
  inTransaction: (work) => work(),
  erase: noKeys,
  identify: noKeys,
  [Symbol.dispose]: () => undefined,
};
function noKeys(): never {
  throw new Error('the store was opened without a vault, so drivers’ data cannot be read or written: open it with the vault of openSecrets');
}

/** The values of a statement, with personal data encrypted. */
export const bindValues = (vault: Vault, values: readonly WriteValue[]): SqlValue[] =>
  values.map((value) => (typeof value === 'function' ? value(vault) : value));
