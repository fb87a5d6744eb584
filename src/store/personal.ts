import type { DriverId } from '../domain/ids.ts';
import { ERASED, mapPersonal } from '../domain/personal.ts';
import { text } from './row.ts';
import type { Row, Value, Vault } from './store.ts';

/** Whose data they are, and whether this is a copy of what stands elsewhere; without a driver the first text names one. */
export interface Ownership {
  driver: DriverId | undefined;
  copy?: boolean;
}

/** A session as JSON for a row, what tells who the driver is sealed with the driver's key. */
export function sealedJson<S>(session: S, { driver: known, copy = false }: Ownership): Value {
  return (vault) => {
    let driver = known;
    const seal = (clear: string) => {
      if (clear === ERASED) return ERASED;
      driver ??= vault.driverOf(clear);
      return copy ? vault.sealCopy(driver, clear) : vault.seal(driver, clear);
    };
    return JSON.stringify(mapPersonal(session, seal));
  };
}

/** Reads what `sealedJson` wrote. */
export function openedJson<S>(row: Row, column: string, vault: Vault): S {
  return mapPersonal(JSON.parse(text(row, column)), (sealed: string) => vault.open(sealed)) satisfies S;
}
