import type { DriverId } from '../domain/ids.ts';

/** A value that both stores can bind: times as epoch milliseconds, objects as JSON text, booleans as 0 and 1. */
export type SqlValue = string | number | null;
/** One row of a result, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Encrypts the data that identify a driver with the driver's own key, which is not in the store: without the key they are unreadable (SEC-46). */
export interface Vault {
  /** The id of the driver with this token uid. */
  driverOf(uid: string): DriverId;
  /** Encrypts a text; creates a key for a driver who has none. */
  encrypt(driver: DriverId, text: string): string;
  /** Encrypts a copy of stored data: without a key of the driver the result is `ERASED`, so that a copy cannot restore an erased driver. */
  encryptCopy(driver: DriverId, text: string): string;
  /** Decrypts a text; `ERASED` when the driver's key is gone. A text that was never encrypted is returned unchanged. */
  decrypt(text: string): string;
}

/** A value to write, or a function that encrypts it at the moment of writing. */
export type WriteValue = SqlValue | ((vault: Vault) => SqlValue);

/** One statement that changes rows, in SQL that both stores understand, with `$1`, `$2` … for its values. The name identifies the prepared statement. */
export interface Write {
  name: string;
  sql: string;
  values: readonly WriteValue[];
  /**
   * Transactions with the same key run one after another, also those of other processes on the same database. Needed where the condition
   * of the write reads rows that another transaction may be changing at this moment.
   */
  serial?: string;
}

/** One statement that reads rows, and the function that turns a row into a value. */
export interface Query<T> extends Write {
  values: readonly SqlValue[];
  read: (row: Row, vault: Vault) => T;
  /**
   * Quick queries share one connection of a PostgreSQL store, each waiting for those before it; slow ones, which read many rows, do not.
   * Default: `first` is quick and `all` is slow. A COUNT must be slow, or authentication waits for it.
   */
  pace?: 'quick' | 'slow';
}

/** The effect of a write: the number of changed rows, and the rows of its RETURNING clause. */
export interface Written {
  changed: number;
  rows: readonly Row[];
}

/** The store cannot be used now. No statement is to blame, so that the same work may succeed later; `StoreClosed` and `StoreLost` never end. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
}

/** A call after the store was closed, which happens when the node stops. Work that is still running then ends with this error. */
export class StoreClosed extends StoreUnavailable {
  override readonly name = 'StoreClosed';

  constructor() {
    super('the store is closed, because the node has stopped');
  }
}

/** This node may not write to its store any more: another node has taken it, or its file was deleted or replaced. */
export class StoreLost extends StoreUnavailable {
  override readonly name = 'StoreLost';
  readonly by: 'another node' | 'a change of its file';

  constructor(message: string, by: StoreLost['by']) {
    super(message);
    this.by = by;
  }
}

/**
 * The database of a node, implemented by SQLite (embedded) and PostgreSQL. `commit` executes its writes in order, in one transaction
 * with other commits of the same turns of the event loop, and resolves when they are durable. A write cannot read the result of
 * an earlier one; conditions belong in its SQL.
 */
export interface Store extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  commit(writes: readonly Write[]): Promise<readonly Written[]>;
  all<T>(query: Query<T>): Promise<readonly T[]>;
  first<T>(query: Query<T>): Promise<T | undefined>;
}
