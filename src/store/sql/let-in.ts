import type { StationId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** How the CSMS of a charge point let it in last. `proof`: a keyed hash of its credentials, which are not stored. */
export interface StoredLetIn {
  protocol: string;
  proof: string;
}

/** Saves how a charge point was let in. */
export const saveLetIn = (station: StationId, { protocol, proof }: StoredLetIn, at: EpochMillis): Write => ({
  name: 'save-let-in',
  sql: `INSERT INTO let_in (station, protocol, proof, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (station) DO UPDATE SET protocol = excluded.protocol, proof = excluded.proof, at = excluded.at`,
  values: [station, protocol, proof, at],
});
/** How a charge point was let in last. */
export const letInOf = (station: StationId): Query<StoredLetIn> => ({
  name: 'let-in-of',
  sql: 'SELECT protocol, proof FROM let_in WHERE station = $1',
  values: [station],
  read: (row) => ({ protocol: text(row, 'protocol'), proof: text(row, 'proof') }),
});
