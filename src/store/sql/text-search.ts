import { fold } from '../../domain/ids.ts';

/** A condition that one of the columns holds a part, whatever the case; `value` is bound to what `partOf` makes. */
export const containsText = (columns: readonly string[], value: string): string =>
  `(${columns.map((it) => `UPPER(COALESCE(${it}, '')) LIKE ${value} ESCAPE '!'`).join(' OR ')})`;
/** What somebody types, as a pattern of SQL in which only its own characters count. */
export const searchPattern = (typed: string): string => `%${fold(typed).replace(/[!%_]/g, '!$&')}%`;
