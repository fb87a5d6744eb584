import type { Row } from './store.ts';

/** Typed reads of one row; a column of another type than stated is a bug in the SQL beside it. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds ${typeof value}, not text`);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds ${typeof value}, not a number`);
  return value;
}

export const flag = (row: Row, column: string): boolean => integer(row, column) === 1;
export const maybeText = (row: Row, column: string): string | undefined => (row[column] === null || row[column] === undefined ? undefined : text(row, column));
export const maybeInteger = (row: Row, column: string): number | undefined =>
  row[column] === null || row[column] === undefined ? undefined : integer(row, column);

/** JSON that this node wrote itself, read back as the type it was written from. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) satisfies T;
}
export const maybeJson = <T>(row: Row, column: string): T | undefined => (maybeText(row, column) === undefined ? undefined : json<T>(row, column));

/** `undefined` has no place in a row. */
export const orNull = <T extends string | number>(value: T | undefined): T | null => value ?? null;
export const asJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
export const mapDefined = <T, U>(value: T | undefined, as: (value: T) => U): U | undefined => (value === undefined ? undefined : as(value));

/** One word of a list that this node itself wrote. */
export function enumValue<const T extends string>(row: Row, column: string, words: readonly T[]): T {
  const found = text(row, column);
  const known = words.find((it) => it === found);
  if (known === undefined) throw new TypeError(`column ${column} holds ${found}, not one of ${words.join(', ')}`);
  return known;
}
