import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole, PEER_STATES, type Peer } from '../../domain/party.ts';
import { type EpochMicros, type EpochMillis, epochMicros } from '../../domain/units.ts';
import { enumValue, integer, json, maybeInteger, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** A peer with the encrypted token that we show it. */
export type StoredPeer = Peer & { encryptedToken: string | undefined };

const columns = (peer: StoredPeer, at: EpochMillis) => [
  peer.id,
  peer.status,
  orNull(peer.edition),
  JSON.stringify(peer.roles),
  JSON.stringify(peer.endpoints),
  JSON.stringify(peer.origins),
  orNull(peer.versionsUrl),
  orNull(peer.encryptedToken),
  peer.tokenStyle,
  orNull(peer.registeredAt),
  at,
];

export const savePeer = (peer: StoredPeer, at: EpochMillis): Write => ({
  name: 'save-peer',
  sql: `INSERT INTO peer (id, status, edition, roles, endpoints, origins, versions_url, token_out, token_style, registered_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, edition = excluded.edition, roles = excluded.roles, endpoints = excluded.endpoints,
      origins = excluded.origins, versions_url = excluded.versions_url, token_out = excluded.token_out, token_style = excluded.token_style,
      registered_at = excluded.registered_at, updated_at = excluded.updated_at`,
  values: columns(peer, at),
});

/** Like `savePeer`, for as long as the TOKEN_A with this hash is unused; changes no row when another registration was faster. */
export const savePeerByInvite = (peer: StoredPeer, invite: string, at: EpochMillis): Write => ({
  name: 'save-peer-by-invite',
  sql: `UPDATE peer SET status = $2, edition = $3, roles = $4, endpoints = $5, origins = $6, versions_url = $7, token_out = $8, token_style = $9,
      registered_at = $10, updated_at = $11
    WHERE id = $1 AND EXISTS (SELECT 1 FROM credential WHERE hash = $12 AND kind = 'INVITE' AND peer = $1)`,
  values: [...columns(peer, at), invite],
});
export const dropPeer = (id: PeerId): Write => ({ name: 'drop-peer', sql: 'DELETE FROM peer WHERE id = $1', values: [id] });

/** The encrypted token of the registration that a write belongs to: it applies only when that registration is the one that stands. */
export const IS_CURRENT = (peer: string, mark: string) => `EXISTS (SELECT 1 FROM peer WHERE id = ${peer} AND token_out = ${mark})`;

/** The parties that a peer speaks for; fails when another peer already speaks for one of them. */
export const replaceParties = (peer: StoredPeer): readonly Write[] => [
  { name: 'drop-parties', sql: `DELETE FROM peer_party WHERE peer = $1 AND ${IS_CURRENT('$1', '$2')}`, values: [peer.id, orNull(peer.encryptedToken)] },
  ...peer.roles.map(
    (role): Write => ({
      name: 'add-party',
      sql: `INSERT INTO peer_party (role, party, peer) SELECT $1, $2, $3 WHERE ${IS_CURRENT('$3', '$4')}`,
      values: [role.role, keyOf(role), peer.id, orNull(peer.encryptedToken)],
    }),
  ),
];
/** Adds roles to those of a peer, as long as they are what was read; they are claims no more, and count at once when it is registered. */
export function addApprovedRoles(peer: StoredPeer, roles: readonly PartyRole[], at: EpochMillis): readonly Write[] {
  const [before, after] = [JSON.stringify(peer.roles), JSON.stringify([...peer.roles, ...roles])];
  const done = 'EXISTS (SELECT 1 FROM peer WHERE id = $1 AND roles = $2';
  const each = roles.flatMap((role): readonly Write[] => [
    {
      name: 'let-in-party',
      sql: `INSERT INTO peer_party (peer, role, party) SELECT $1, $3, $4 WHERE ${done} AND status = 'REGISTERED')`,
      values: [peer.id, after, role.role, keyOf(role)],
    },
    {
      name: 'let-in-claim',
      sql: `DELETE FROM claim WHERE peer = $1 AND role = $3 AND party = $4 AND ${done})`,
      values: [peer.id, after, role.role, keyOf(role)],
    },
  ]);
  return [{ name: 'let-in', sql: 'UPDATE peer SET roles = $3, updated_at = $4 WHERE id = $1 AND roles = $2', values: [peer.id, before, after, at] }, ...each];
}
export const dropParties = (peer: PeerId): Write => ({ name: 'drop-all-parties', sql: 'DELETE FROM peer_party WHERE peer = $1', values: [peer] });

/** `INVITE` is a TOKEN_A, good for one registration; `ACCESS` opens everything. `expiresAt` absent: until revoked. */
export const addCredential = (hash: string, peer: PeerId, c: { kind: 'INVITE' | 'ACCESS'; expiresAt?: EpochMillis }): Write => ({
  name: 'add-credential',
  sql: 'INSERT INTO credential (hash, peer, kind, expires_at) VALUES ($1, $2, $3, $4)',
  values: [hash, peer, c.kind, orNull(c.expiresAt)],
});
/** The token that a registration gives out, if that registration is the one that stands. */
export const addAccessToken = (hash: string, peer: StoredPeer): Write => ({
  name: 'add-access',
  sql: `INSERT INTO credential (hash, peer, kind) SELECT $1, $2, 'ACCESS' WHERE ${IS_CURRENT('$2', '$3')}`,
  values: [hash, peer.id, orNull(peer.encryptedToken)],
});
/** A provisional token lasts from now on. */
export const makeCredentialPermanent = (hash: string): Write => ({
  name: 'keep-credential',
  sql: 'UPDATE credential SET expires_at = NULL WHERE hash = $1',
  values: [hash],
});
/** Uses up a TOKEN_A. */
export const consumeInvite = (hash: string): Write => ({
  name: 'consume-invite',
  sql: "DELETE FROM credential WHERE hash = $1 AND kind = 'INVITE'",
  values: [hash],
});
/** A peer whose name was not known yet gets it. */
export const moveCredentials = (from: PeerId, to: PeerId): Write => ({
  name: 'move-credentials',
  sql: 'UPDATE credential SET peer = $2 WHERE peer = $1',
  values: [from, to],
});
export const dropCredentials = (peer: PeerId): Write => ({ name: 'drop-credentials', sql: 'DELETE FROM credential WHERE peer = $1', values: [peer] });
/** Lets every other token of this peer run out at `at`. */
export const expireOtherCredentials = (peer: PeerId, keep: string, at: EpochMillis): Write => ({
  name: 'expire-other-credentials',
  sql: 'UPDATE credential SET expires_at = $3 WHERE peer = $1 AND hash <> $2 AND (expires_at IS NULL OR expires_at > $3)',
  values: [peer, keep, at],
});

const readPeer = (row: Row): StoredPeer => ({
  id: peerId(text(row, 'id')),
  status: enumValue(row, 'status', PEER_STATES),
  edition: maybeText(row, 'edition'),
  roles: json(row, 'roles'),
  endpoints: json(row, 'endpoints'),
  origins: json(row, 'origins'),
  versionsUrl: maybeText(row, 'versions_url'),
  encryptedToken: maybeText(row, 'token_out'),
  tokenStyle: text(row, 'token_style') === 'raw' ? 'raw' : 'base64',
  registeredAt: maybeInteger(row, 'registered_at'),
});

export const peerById = (id: PeerId): Query<StoredPeer> => ({ name: 'peer-by-id', sql: 'SELECT * FROM peer WHERE id = $1', values: [id], read: readPeer });
export const allPeers: Query<StoredPeer> = { name: 'all-peers', sql: 'SELECT * FROM peer ORDER BY id', values: [], read: readPeer };
/** Peers that are gone while something of theirs is still here: another process ended their registration. */
export const peersToCleanUp: Query<PeerId> = {
  name: 'departed-peers',
  sql: `SELECT id FROM peer WHERE status = 'UNREGISTERED' AND (EXISTS (SELECT 1 FROM steering WHERE steering.peer = peer.id)
    OR EXISTS (SELECT 1 FROM token_push WHERE token_push.peer = peer.id) OR EXISTS (SELECT 1 FROM watermark WHERE watermark.peer = peer.id)
    OR EXISTS (SELECT 1 FROM exchange WHERE exchange.peer = peer.id AND exchange.state IN ('ACCEPTED', 'SENDING', 'RESULT', 'POSTING', 'AWAITING')))`,
  values: [],
  read: (row) => peerId(text(row, 'id')),
};
export const peerOfParty = (role: string, party: PartyKey): Query<StoredPeer> => ({
  name: 'peer-of-party',
  sql: 'SELECT peer.* FROM peer JOIN peer_party ON peer_party.peer = peer.id WHERE peer_party.role = $1 AND peer_party.party = $2',
  values: [role, party],
  read: readPeer,
});

export interface Credential {
  peer: StoredPeer;
  kind: 'INVITE' | 'ACCESS';
  hash: string;
}
/** Who shows a token with this hash, as long as it has not run out. */
export const credentialByHash = (hash: string, now: EpochMillis): Query<Credential> => ({
  name: 'bearer-of',
  sql: 'SELECT peer.*, credential.kind, credential.hash FROM credential JOIN peer ON peer.id = credential.peer WHERE credential.hash = $1 AND (credential.expires_at IS NULL OR credential.expires_at > $2)',
  values: [hash, now],
  read: (row) => ({ peer: readPeer(row), kind: text(row, 'kind') === 'INVITE' ? 'INVITE' : 'ACCESS', hash: text(row, 'hash') }),
});

/** How far a peer's list of one module was pulled: the newest `last_updated` seen. */
export const saveWatermark = (peer: PeerId, module: string, until: EpochMicros): Write => ({
  name: 'save-watermark',
  sql: 'INSERT INTO watermark (peer, module, until) VALUES ($1, $2, $3) ON CONFLICT (peer, module) DO UPDATE SET until = excluded.until',
  values: [peer, module, until],
});
export const watermarkOf = (peer: PeerId, module: string): Query<EpochMicros> => ({
  name: 'watermark-of',
  sql: 'SELECT until FROM watermark WHERE peer = $1 AND module = $2',
  values: [peer, module],
  read: (row) => epochMicros(integer(row, 'until')),
});
