import type { Row } from './store.ts';

/** Reads a text column. Like all readers here it throws TypeError when the column has another type, which is a bug in the SQL of the query. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column}: found ${typeof value}, allowed: text`);
  return value;
}

/** Reads a number column. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column}: found ${typeof value}, allowed: a number`);
  return value;
}

/** Reads a column that stores a boolean as 0 or 1. */
export const flag = (row: Row, column: string): boolean => integer(row, column) === 1;
/** Reads a text column that may be null. */
export const maybeText = (row: Row, column: string): string | undefined => (row[column] === null || row[column] === undefined ? undefined : text(row, column));
/** Reads a number column that may be null. */
export const maybeInteger = (row: Row, column: string): number | undefined =>
  row[column] === null || row[column] === undefined ? undefined : integer(row, column);

/** Reads a column with JSON that this node wrote, as the type it was written from. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) satisfies T;
}
/** Reads a JSON column that may be null. */
export const maybeJson = <T>(row: Row, column: string): T | undefined => (maybeText(row, column) === undefined ? undefined : json<T>(row, column));

/** Turns undefined into null, as SQL needs it. */
export const orNull = <T extends string | number>(value: T | undefined): T | null => value ?? null;
/** Writes a value as JSON; undefined becomes null. */
export const asJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
/** Applies `as` to a value unless it is undefined. */
export const mapDefined = <T, U>(value: T | undefined, as: (value: T) => U): U | undefined => (value === undefined ? undefined : as(value));

/** Reads a text column that has one of `values`. */
export function enumValue<const T extends string>(row: Row, column: string, values: readonly T[]): T {
  const found = text(row, column);
  const known = values.find((it) => it === found);
  if (known === undefined) throw new TypeError(`column ${column}: found ${found}, allowed: ${values.join(', ')}`);
  return known;
}
