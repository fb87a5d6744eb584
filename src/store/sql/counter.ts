import { integer } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** Draws the next number of a named row of numbers; the numbers begin at 1 and none is drawn twice. */
export const nextNumber = (name: string): Write => ({
  name: 'draw-number',
  sql: 'INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value',
  values: [name],
});
export const readNumber = (row: Row): number => integer(row, 'value');
/** The last number that was drawn of a row; absent: none was. */
export const lastNumber = (name: string): Query<number> => ({
  name: 'last-number',
  sql: 'SELECT value FROM counter WHERE name = $1',
  values: [name],
  read: (row) => integer(row, 'value'),
});
