import type { PartyKey } from '../../domain/ids.ts';

/** SQL: ` AND column NOT IN (…)`, with one value for each party from number `first` on; empty without parties. */
export const exceptParties = (column: string, first: number, parties: readonly PartyKey[]): string =>
  parties.length === 0 ? '' : ` AND ${column} NOT IN (${parties.map((_, n) => `$${first + n}`).join(', ')})`;
