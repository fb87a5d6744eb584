import { asPartyKey, asSessionKey, fold, type PartyKey, type SessionKey } from '../../domain/ids.ts';
import { text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** A session of a CPO under the id that one SCSP knows it by; no two parties and no two sessions share one (ocpi/ocpi#405). */
export interface Relayed {
  party: PartyKey;
  session: SessionKey;
  id: string;
}

export const addRelayed = (it: Relayed): Write => ({
  name: 'add-relayed',
  sql: 'INSERT INTO relayed (party, session_key, id) VALUES ($1, $2, $3) ON CONFLICT (party, session_key) DO NOTHING',
  values: [it.party, it.session, fold(it.id)],
});
const read = (row: Row): Relayed => ({ party: asPartyKey(text(row, 'party')), session: asSessionKey(text(row, 'session_key')), id: text(row, 'id') });
export const relayedById = (id: string): Query<Relayed> => ({ name: 'relayed-by-id', sql: 'SELECT * FROM relayed WHERE id = $1', values: [fold(id)], read });
export const forgetRelayed = (session: SessionKey, party: PartyKey): Write => ({
  name: 'forget-relayed',
  sql: 'DELETE FROM relayed WHERE session_key = $1 AND party = $2',
  values: [session, party],
});
