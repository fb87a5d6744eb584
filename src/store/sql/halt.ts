import { asPartyKey, type PartyKey } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** From now on a party steers nothing (SEC-34). */
export const haltParty = (party: PartyKey, at: EpochMillis): Write => ({
  name: 'halt-party',
  sql: 'INSERT INTO halt (party, at) VALUES ($1, $2) ON CONFLICT (party) DO NOTHING',
  values: [party, at],
});
export const resumeParty = (party: PartyKey): Write => ({ name: 'resume-party', sql: 'DELETE FROM halt WHERE party = $1', values: [party] });
export const haltedParties: Query<PartyKey> = {
  name: 'halted-parties',
  sql: 'SELECT party FROM halt ORDER BY party',
  values: [],
  read: (row) => asPartyKey(text(row, 'party')),
};
