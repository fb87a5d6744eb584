import { integer } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** Increases a named counter and returns its new value; counters begin at 1. */
export const nextNumber = (name: string): Write => ({
  name: 'next-number',
  sql: 'INSERT INTO counter (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value',
  values: [name],
});
/** Reads the value that `nextNumber` returned. */
export const readNumber = (row: Row): number => integer(row, 'value');
/** The current value of a counter; no row when it was never increased. */
export const lastNumber = (name: string): Query<number> => ({
  name: 'last-number',
  sql: 'SELECT value FROM counter WHERE name = $1',
  values: [name],
  read: (row) => integer(row, 'value'),
});
