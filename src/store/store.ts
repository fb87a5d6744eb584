/** A value that both stores can bind; times are epoch milliseconds, objects are JSON text, truths are 0 and 1. */
export type Bound = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/** One statement that changes rows. Written once in portable SQL with `$1`, `$2` … for its values. */
export interface Write {
  name: string;
  sql: string;
  values: readonly Bound[];
}

/** One statement that reads rows, and how a row becomes a value. */
export interface Query<T> extends Write {
  read: (row: Row) => T;
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
