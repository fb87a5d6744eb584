import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { IS_CURRENT, type StoredPeer } from './peer.ts';

/** A role of a party that a peer claims and that the operator has not approved (CRE-33). */
export interface Claim {
  peer: PeerId;
  role: PartyRole;
  claimedAt: EpochMillis;
}

/** Saves a claim; an existing claim keeps its time. */
export const saveClaim = ({ peer, role, claimedAt }: Claim): Write => ({
  name: 'save-claim',
  sql: `INSERT INTO claim (peer, role, party, body, claimed_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (peer, role, party) DO UPDATE SET body = excluded.body`,
  values: [peer, role.role, keyOf(role), JSON.stringify(role), claimedAt],
});
/** The same, without effect unless the registration of this peer is the current one. */
export const saveClaimIfCurrent = (peer: StoredPeer, { role, claimedAt }: Omit<Claim, 'peer'>): Write => ({
  name: 'save-claim-if-current',
  sql: `INSERT INTO claim (peer, role, party, body, claimed_at) SELECT $1, $2, $3, $4, $5 WHERE ${IS_CURRENT('$1', '$6')}
    ON CONFLICT (peer, role, party) DO UPDATE SET body = excluded.body`,
  values: [peer.id, role.role, keyOf(role), JSON.stringify(role), claimedAt, orNull(peer.encryptedToken)],
});
/** Deletes one claim. */
export const dropClaim = ({ peer, role }: Pick<Claim, 'peer' | 'role'>): Write => ({
  name: 'drop-claim',
  sql: 'DELETE FROM claim WHERE peer = $1 AND role = $2 AND party = $3',
  values: [peer, role.role, keyOf(role)],
});
/** Deletes all claims of a peer. */
export const dropClaims = (peer: PeerId): Write => ({ name: 'drop-claims', sql: 'DELETE FROM claim WHERE peer = $1', values: [peer] });
/** Deletes all claims of an invited peer; no effect when the peer is registered. */
export const dropClaimsOfInvited = (peer: PeerId): Write => ({
  name: 'drop-claims-of-invited',
  sql: "DELETE FROM claim WHERE peer = $1 AND EXISTS (SELECT 1 FROM peer WHERE id = $1 AND status = 'INVITED')",
  values: [peer],
});

const read = (row: Row): Claim => ({ peer: peerId(text(row, 'peer')), role: json<PartyRole>(row, 'body'), claimedAt: epochMillis(integer(row, 'claimed_at')) });
/** The claims of one peer. */
export const claimsOf = (peer: PeerId): Query<Claim> => ({
  name: 'claims-of',
  sql: 'SELECT * FROM claim WHERE peer = $1 ORDER BY party, role',
  values: [peer],
  read,
});
/** The claims of all peers. */
export const allClaims: Query<Claim> = { name: 'all-claims', sql: 'SELECT * FROM claim ORDER BY peer, party, role', values: [], read };

/** The first claims of all peers, in the order of their keys. */
export const waitingClaims = (limit: number): Query<Claim> => ({
  name: 'waiting-claims',
  sql: 'SELECT * FROM claim ORDER BY peer, role, party LIMIT $1',
  values: [limit],
  read,
});

/** The registered peer that speaks for a party in this role. */
export const peerSpeakingFor = (role: string, party: PartyKey): Query<PeerId> => ({
  name: 'peer-speaking-for',
  sql: 'SELECT peer FROM peer_party WHERE role = $1 AND party = $2',
  values: [role, party],
  read: (row) => peerId(text(row, 'peer')),
});
