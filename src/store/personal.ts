import type { DriverId } from '../domain/ids.ts';
import { ERASED, mapSessionPersonalData } from '../domain/personal-data.ts';
import { text } from './row.ts';
import type { Row, Vault, WriteValue } from './store.ts';

/** Whose data they are, and whether this is a copy of what stands elsewhere; without a driver the first text names one. */
export interface Ownership {
  driver: DriverId | undefined;
  copy?: boolean;
}

/** A session as JSON for a row, what tells who the driver is encrypted with the driver's key. */
export function encryptedJson<S>(session: S, { driver: known, copy = false }: Ownership): WriteValue {
  return (vault) => {
    let driver = known;
    const encryption = (clear: string) => {
      if (clear === ERASED) return ERASED;
      driver ??= vault.driverOf(clear);
      return copy ? vault.encryptCopy(driver, clear) : vault.encrypt(driver, clear);
    };
    return JSON.stringify(mapSessionPersonalData(session, encryption));
  };
}

/** Reads what `encryptedJson` wrote. */
export function decryptedJson<S>(row: Row, column: string, vault: Vault): S {
  return mapSessionPersonalData(JSON.parse(text(row, column)), (encrypted: string) => vault.decrypt(encrypted)) satisfies S;
}
