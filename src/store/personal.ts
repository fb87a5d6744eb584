import type { DriverId } from '../domain/ids.ts';
import { ERASED, mapSessionPersonalData } from '../domain/personal-data.ts';
import { text } from './row.ts';
import type { Row, Vault, WriteValue } from './store.ts';

/** The driver whose data a value contains; undefined: the first personal text is the uid of the driver's token. `copy`: the data are stored elsewhere too. */
export interface Ownership {
  driver: DriverId | undefined;
  copy?: boolean;
}

/** A session as JSON for a column; the fields that identify the driver are encrypted with the driver's key. */
export function encryptedJson<S>(session: S, { driver: known, copy = false }: Ownership): WriteValue {
  return (vault) => {
    let driver = known;
    const encrypt = (clear: string) => {
      if (clear === ERASED) return ERASED;
      driver ??= vault.driverOf(clear);
      return copy ? vault.encryptCopy(driver, clear) : vault.encrypt(driver, clear);
    };
    return JSON.stringify(mapSessionPersonalData(session, encrypt));
  };
}

/** Reads a column that `encryptedJson` wrote; texts of an erased driver become `erased`. */
export function decryptedJson<S>(row: Row, column: string, vault: Vault): S {
  return mapSessionPersonalData(JSON.parse(text(row, column)), (encrypted: string) => vault.decrypt(encrypted)) satisfies S;
}
