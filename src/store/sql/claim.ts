import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** A role of a party that a peer claims, and was not let in with (CRE-33). */
export interface Claim {
  peer: PeerId;
  role: PartyRole;
  claimedAt: EpochMillis;
}

/** Records a claim; one that is there already stays as old as it is. */
export const saveClaim = ({ peer, role, claimedAt }: Claim): Write => ({
  name: 'hold-claim',
  sql: `INSERT INTO claim (peer, role, party, body, claimed_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (peer, role, party) DO UPDATE SET body = excluded.body`,
  values: [peer, role.role, keyOf(role), JSON.stringify(role), claimedAt],
});
export const dropClaim = ({ peer, role }: Pick<Claim, 'peer' | 'role'>): Write => ({
  name: 'drop-claim',
  sql: 'DELETE FROM claim WHERE peer = $1 AND role = $2 AND party = $3',
  values: [peer, role.role, keyOf(role)],
});
export const dropClaims = (peer: PeerId): Write => ({ name: 'drop-claims', sql: 'DELETE FROM claim WHERE peer = $1', values: [peer] });

const read = (row: Row): Claim => ({ peer: peerId(text(row, 'peer')), role: json<PartyRole>(row, 'body'), claimedAt: epochMillis(integer(row, 'claimed_at')) });
export const claimsOf = (peer: PeerId): Query<Claim> => ({
  name: 'claims-of',
  sql: 'SELECT * FROM claim WHERE peer = $1 ORDER BY party, role',
  values: [peer],
  read,
});
export const allClaims: Query<Claim> = { name: 'all-claims', sql: 'SELECT * FROM claim ORDER BY peer, party, role', values: [], read };

/** Who speaks for a role of a party, if anybody does. */
export const peerSpeakingFor = (role: string, party: PartyKey): Query<PeerId> => ({
  name: 'speaker-of',
  sql: 'SELECT peer FROM peer_party WHERE role = $1 AND party = $2',
  values: [role, party],
  read: (row) => peerId(text(row, 'peer')),
});
