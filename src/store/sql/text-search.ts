import { fold } from '../../domain/ids.ts';

/** SQL condition: one of the columns contains a text, case-insensitively. `value` is the placeholder of a value from `searchPattern`. */
export const containsText = (columns: readonly string[], value: string): string =>
  `(${columns.map((it) => `UPPER(COALESCE(${it}, '')) LIKE ${value} ESCAPE '!'`).join(' OR ')})`;
/** The LIKE pattern for a text that a user typed, with `%` and `_` escaped. */
export const searchPattern = (typed: string): string => `%${fold(typed).replace(/[!%_]/g, '!$&')}%`;
