import type { DriverId } from '../domain/ids.ts';

/** A value that both stores can bind; times are epoch milliseconds, objects are JSON text, truths are 0 and 1. */
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/** Keeps what tells who a driver is readable only as long as the driver has a key, which is not in the store (SEC-46). */
export interface Vault {
  /** What the store calls the driver who shows this token. */
  driverOf(uid: string): DriverId;
  /** The text as it may stand in a row; a driver who has no key gets one. */
  encrypt(driver: DriverId, text: string): string;
  /** The same, but of a driver without a key it makes `ERASED`: for copies, which must not bring back who was erased meanwhile. */
  encryptCopy(driver: DriverId, text: string): string;
  /** The text that was encrypted, or `ERASED` when the key is gone; what was never encrypted comes back as it is. */
  decrypt(text: string): string;
}

/** A value, or one that is made when it is written, since it may only be kept encrypted. */
export type WriteValue = SqlValue | ((vault: Vault) => SqlValue);

/** One statement that changes rows. Written once in portable SQL with `$1`, `$2` … for its values. */
export interface Write {
  name: string;
  sql: string;
  values: readonly WriteValue[];
}

/** One statement that reads rows, and how a row becomes a value. */
export interface Query<T> extends Write {
  values: readonly SqlValue[];
  read: (row: Row, vault: Vault) => T;
}

/** What a write did: how many rows it changed, and those it returned. */
export interface Written {
  changed: number;
  rows: readonly Row[];
}

/**
 * Where a node keeps what it must not forget. Two stores implement it: SQLite (embedded) and PostgreSQL.
 * `commit` carries out its writes in order, in one transaction with whatever else is ready in the same turn of the
 * event loop, and resolves when they are durable. Writes that depend on one another say so in their SQL.
 */
export interface Store extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  commit(writes: readonly Write[]): Promise<readonly Written[]>;
  all<T>(query: Query<T>): Promise<readonly T[]>;
  first<T>(query: Query<T>): Promise<T | undefined>;
}
