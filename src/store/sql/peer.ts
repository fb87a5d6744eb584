import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole, PEER_STATES, type Peer } from '../../domain/party.ts';
import { type EpochMicros, type EpochMillis, epochMicros } from '../../domain/units.ts';
import { enumValue, integer, json, maybeInteger, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { IS_OPEN } from './exchange.ts';

/** A peer with the encrypted token that the node sends to it. */
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

/** Saves a peer and replaces its earlier state. */
export const savePeer = (peer: StoredPeer, at: EpochMillis): Write => ({
  name: 'save-peer',
  sql: `INSERT INTO peer (id, status, edition, roles, endpoints, origins, versions_url, token_out, token_style, registered_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, edition = excluded.edition, roles = excluded.roles, endpoints = excluded.endpoints,
      origins = excluded.origins, versions_url = excluded.versions_url, token_out = excluded.token_out, token_style = excluded.token_style,
      registered_at = excluded.registered_at, updated_at = excluded.updated_at`,
  values: columns(peer, at),
});

/** Saves a peer unless it is registered; changes no row when it is. */
export const savePeerUnlessRegistered = (peer: StoredPeer, at: EpochMillis): Write => ({
  ...savePeer(peer, at),
  name: 'save-peer-unless-registered',
  sql: `${savePeer(peer, at).sql} WHERE peer.status <> 'REGISTERED'`,
});

const UPDATE = `UPDATE peer SET status = $2, edition = $3, roles = $4, endpoints = $5, origins = $6, versions_url = $7, token_out = $8, token_style = $9,
      registered_at = $10, updated_at = $11 WHERE id = $1`;
/** What was known of a peer when a change of it was decided. */
export type PeerBefore = Pick<StoredPeer, 'roles' | 'encryptedToken'>;
/**
 * Updates a peer if the TOKEN_A with this hash is still unused; changes no row when another registration was faster, or when the allowed
 * roles were changed.
 */
export const savePeerByInvite = (peer: StoredPeer, before: Pick<PeerBefore, 'roles'> & { invite: string }, at: EpochMillis): Write => ({
  name: 'save-peer-by-invite',
  sql: `${UPDATE} AND roles = $13 AND EXISTS (SELECT 1 FROM credential WHERE hash = $12 AND kind = 'INVITE' AND peer = $1)`,
  values: [...columns(peer, at), before.invite, JSON.stringify(before.roles)],
});
/** Updates a registered peer; changes no row when its registration has ended, or its token or its roles are no longer those of `before`. */
export const savePeerIfUnchanged = (peer: StoredPeer, before: PeerBefore, at: EpochMillis): Write => ({
  name: 'save-peer-if-unchanged',
  sql: `${UPDATE} AND status = 'REGISTERED' AND token_out IS NOT DISTINCT FROM $12 AND roles = $13`,
  values: [...columns(peer, at), orNull(before.encryptedToken), JSON.stringify(before.roles)],
});
/** Records what this registration of a peer has learnt with our credentials. */
export const noteTold = (peer: StoredPeer, offer: string): Write => ({
  name: 'note-told',
  sql: 'UPDATE peer SET told = $3 WHERE id = $1 AND token_out = $2',
  values: [peer.id, orNull(peer.encryptedToken), offer],
});
/** The registered peers that learnt something else than this offer with our credentials, or nobody knows what. */
export const peersToTell = (offer: string): Query<PeerId> => ({
  name: 'peers-to-tell',
  sql: "SELECT id FROM peer WHERE status = 'REGISTERED' AND told IS DISTINCT FROM $1 ORDER BY id",
  values: [offer],
  read: (row) => peerId(text(row, 'id')),
});
/** Deletes a peer. */
export const dropPeer = (id: PeerId): Write => ({ name: 'drop-peer', sql: 'DELETE FROM peer WHERE id = $1', values: [id] });

/** SQL condition: the registration with this encrypted token is the peer's current one. Writes of an older registration then have no effect. */
export const IS_CURRENT = (peer: string, token: string) => `EXISTS (SELECT 1 FROM peer WHERE id = ${peer} AND token_out = ${token})`;

/** The same UPDATE or DELETE, without effect unless the registration of this peer is the current one. */
export const ifCurrent = (peer: StoredPeer, { name, sql, values }: Write): Write => ({
  name: `${name}-if-current`,
  sql: `${sql} AND ${IS_CURRENT(`$${values.length + 1}`, `$${values.length + 2}`)}`,
  values: [...values, peer.id, orNull(peer.encryptedToken)],
});
const IS_INVITED = "EXISTS (SELECT 1 FROM peer WHERE id = $1 AND status = 'INVITED')";

/** Replaces the parties that a peer speaks for; fails when another peer speaks for one of them. */
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
/** Adds approved roles to a peer and deletes their claims, if the peer's roles are still those that were read. A registered peer speaks for them at once. */
export function addApprovedRoles(peer: StoredPeer, roles: readonly PartyRole[], at: EpochMillis): readonly Write[] {
  const [before, after] = [JSON.stringify(peer.roles), JSON.stringify([...peer.roles, ...roles])];
  const added = 'EXISTS (SELECT 1 FROM peer WHERE id = $1 AND roles = $2';
  const each = roles.flatMap((role): readonly Write[] => [
    {
      name: 'add-approved-party',
      sql: `INSERT INTO peer_party (peer, role, party) SELECT $1, $3, $4 WHERE ${added} AND status = 'REGISTERED')`,
      values: [peer.id, after, role.role, keyOf(role)],
    },
    {
      name: 'drop-approved-claim',
      sql: `DELETE FROM claim WHERE peer = $1 AND role = $3 AND party = $4 AND ${added})`,
      values: [peer.id, after, role.role, keyOf(role)],
    },
  ]);
  return [
    { name: 'add-approved-roles', sql: 'UPDATE peer SET roles = $3, updated_at = $4 WHERE id = $1 AND roles = $2', values: [peer.id, before, after, at] },
    ...each,
  ];
}
/** Deletes all parties of a peer. */
export const dropParties = (peer: PeerId): Write => ({ name: 'drop-all-parties', sql: 'DELETE FROM peer_party WHERE peer = $1', values: [peer] });

/** Inserts the hash of a token: `INVITE` is a TOKEN_A for one registration, `ACCESS` is for all requests. Without `expiresAt` it is valid until it is deleted. */
export const addCredential = (hash: string, peer: PeerId, c: { kind: 'INVITE' | 'ACCESS'; expiresAt?: EpochMillis }): Write => ({
  name: 'add-credential',
  sql: 'INSERT INTO credential (hash, peer, kind, expires_at) VALUES ($1, $2, $3, $4)',
  values: [hash, peer, c.kind, orNull(c.expiresAt)],
});
/** Replaces all tokens of an invited peer by a TOKEN_A; no effect when the peer is registered. */
export const replaceInvite = (peer: PeerId, hash: string, expiresAt: EpochMillis): readonly Write[] => [
  { name: 'drop-earlier-invites', sql: `DELETE FROM credential WHERE peer = $1 AND ${IS_INVITED}`, values: [peer] },
  {
    name: 'add-invite',
    sql: `INSERT INTO credential (hash, peer, kind, expires_at) SELECT $2, $1, 'INVITE', $3 WHERE ${IS_INVITED}`,
    values: [peer, hash, expiresAt],
  },
];
/** Inserts the hash of the token that a registration issued, if that registration is the current one. */
export const addAccessToken = (hash: string, peer: StoredPeer): Write => ({
  name: 'add-access-token',
  sql: `INSERT INTO credential (hash, peer, kind) SELECT $1, $2, 'ACCESS' WHERE ${IS_CURRENT('$2', '$3')}`,
  values: [hash, peer.id, orNull(peer.encryptedToken)],
});
/** Removes the expiry of a provisional token. */
export const makeCredentialPermanent = (hash: string): Write => ({
  name: 'make-credential-permanent',
  sql: 'UPDATE credential SET expires_at = NULL WHERE hash = $1',
  values: [hash],
});
/** Deletes a TOKEN_A after its use. */
export const consumeInvite = (hash: string): Write => ({
  name: 'consume-invite',
  sql: "DELETE FROM credential WHERE hash = $1 AND kind = 'INVITE'",
  values: [hash],
});
/** Moves the tokens of a peer to its final id, which was not known at the invitation. */
export const moveCredentials = (from: PeerId, to: PeerId): Write => ({
  name: 'move-credentials',
  sql: 'UPDATE credential SET peer = $2 WHERE peer = $1',
  values: [from, to],
});
/** Deletes all tokens of a peer. */
export const dropCredentials = (peer: PeerId): Write => ({ name: 'drop-credentials', sql: 'DELETE FROM credential WHERE peer = $1', values: [peer] });
/** Lets all other tokens of a peer expire at `at` or earlier (A-28). */
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

/** The peer with this id. */
export const peerById = (id: PeerId): Query<StoredPeer> => ({ name: 'peer-by-id', sql: 'SELECT * FROM peer WHERE id = $1', values: [id], read: readPeer });
/** All peers. */
export const allPeers: Query<StoredPeer> = { name: 'all-peers', sql: 'SELECT * FROM peer ORDER BY id', values: [], read: readPeer };
/** Unregistered peers with remaining data, because another process ended the registration. */
export const peersToCleanUp: Query<PeerId> = {
  name: 'peers-to-clean-up',
  sql: `SELECT id FROM peer WHERE status = 'UNREGISTERED' AND (EXISTS (SELECT 1 FROM steering WHERE steering.peer = peer.id)
    OR EXISTS (SELECT 1 FROM token_push WHERE token_push.peer = peer.id) OR EXISTS (SELECT 1 FROM hub_token_push WHERE hub_token_push.peer = peer.id)
    OR EXISTS (SELECT 1 FROM watermark WHERE watermark.peer = peer.id)
    OR id IN (SELECT peer FROM exchange WHERE ${IS_OPEN} AND state <> 'DELIVERING'))`,
  values: [],
  read: (row) => peerId(text(row, 'id')),
};
/** The registered peer that speaks for a party in this role. */
export const peerOfParty = (role: string, party: PartyKey): Query<StoredPeer> => ({
  name: 'peer-of-party',
  sql: 'SELECT peer.* FROM peer JOIN peer_party ON peer_party.peer = peer.id WHERE peer_party.role = $1 AND peer_party.party = $2',
  values: [role, party],
  read: readPeer,
});

/** A valid token of a peer, by its hash. */
export interface Credential {
  peer: StoredPeer;
  kind: 'INVITE' | 'ACCESS';
  hash: string;
}
/** The token with this hash and its peer, if it has not expired. */
export const credentialByHash = (hash: string, now: EpochMillis): Query<Credential> => ({
  name: 'bearer-of',
  sql: 'SELECT peer.*, credential.kind, credential.hash FROM credential JOIN peer ON peer.id = credential.peer WHERE credential.hash = $1 AND (credential.expires_at IS NULL OR credential.expires_at > $2)',
  values: [hash, now],
  read: (row) => ({ peer: readPeer(row), kind: text(row, 'kind') === 'INVITE' ? 'INVITE' : 'ACCESS', hash: text(row, 'hash') }),
});

/** A peer in one of its registrations. */
export type RegisteredPeer = Pick<StoredPeer, 'id' | 'registeredAt'>;
/** SQL condition: the peer is still registered, and has not registered or changed its credentials since. */
export const IS_SAME_REGISTRATION = (peer: string, registeredAt: string) =>
  `EXISTS (SELECT 1 FROM peer WHERE id = ${peer} AND status = 'REGISTERED' AND registered_at IS NOT DISTINCT FROM ${registeredAt})`;

/** Saves the watermark of a pulled list: the newest `last_updated` of a peer's module. Changes no row when the registration ended during the pull. */
export const saveWatermark = ({ id, registeredAt }: RegisteredPeer, module: string, until: EpochMicros): Write => ({
  name: 'save-watermark',
  sql: `INSERT INTO watermark (peer, module, until) SELECT $1, $2, $3 WHERE ${IS_SAME_REGISTRATION('$1', '$4')}
    ON CONFLICT (peer, module) DO UPDATE SET until = excluded.until`,
  values: [id, module, until, orNull(registeredAt)],
});
/** The watermark of a peer's module. */
export const watermarkOf = (peer: PeerId, module: string): Query<EpochMicros> => ({
  name: 'watermark-of',
  sql: 'SELECT until FROM watermark WHERE peer = $1 AND module = $2',
  values: [peer, module],
  read: (row) => epochMicros(integer(row, 'until')),
});
