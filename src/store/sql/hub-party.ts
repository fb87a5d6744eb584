import { asPartyKey, type PartyKey, type PeerId, partyName, peerId } from '../../domain/ids.ts';
import { CONNECTION_STATES, type ConnectionState, keyOf, type PartyRole, type PartyViaHub } from '../../domain/party.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { enumValue, flag, integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { IS_CURRENT, type StoredPeer } from './peer.ts';

/** One role of one party behind a hub, as the hub reported it. */
export interface HubParty {
  hub: PeerId;
  role: string;
  party: PartyKey;
  name: string;
  /** The hub announced the party, so it speaks for the party unless another peer does. */
  announced: boolean;
  status: ConnectionState;
  lastUpdated: EpochMicros;
  /** The whole ClientInfo as JSON; undefined for a party that was only in the hub's roles. */
  body: string | undefined;
}

/** Parties of one hub at most; further ones are not stored (SEC-33). */
const MAX_PARTIES = 10_000;
const HAS_SPACE = `((SELECT COUNT(*) FROM hub_party WHERE hub = $1) < ${MAX_PARTIES} OR EXISTS (SELECT 1 FROM hub_party WHERE hub = $1 AND role = $2 AND party = $3))`;

/** Saves what a hub reported of a party, unless newer data are stored or the hub has too many parties; `announced` of a stored party stays. */
export const saveHubParty = (it: HubParty): Write => ({
  name: 'save-hub-party',
  sql: `INSERT INTO hub_party (hub, role, party, name, announced, status, last_updated, body) SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE ${HAS_SPACE}
    ON CONFLICT (hub, role, party) DO UPDATE SET status = excluded.status, last_updated = excluded.last_updated, body = excluded.body
    WHERE hub_party.last_updated <= excluded.last_updated`,
  values: [it.hub, it.role, it.party, it.name, it.announced ? 1 : 0, it.status, it.lastUpdated, orNull(it.body)],
});
/**
 * A hub's roles changed: it speaks for the parties in `behind`, for those that the operator approved, and for no others. Applies only if the hub's registration is the current
 * one; the connection status of stored parties stays.
 */
export const announceHubParties = (hub: StoredPeer, behind: readonly PartyRole[]): readonly Write[] => [
  {
    name: 'withdraw-hub-parties',
    sql: `UPDATE hub_party SET announced = CASE WHEN approved > 0 THEN 1 ELSE 0 END WHERE hub = $1 AND ${IS_CURRENT('$1', '$2')}`,
    values: [hub.id, orNull(hub.encryptedToken)],
  },
  ...behind.map(
    (it): Write => ({
      name: 'announce-hub-party',
      sql: `INSERT INTO hub_party (hub, role, party, name, announced, status, last_updated) SELECT $1, $2, $3, $4, 1, 'CONNECTED', 0
        WHERE ${HAS_SPACE} AND ${IS_CURRENT('$1', '$5')} ON CONFLICT (hub, role, party) DO UPDATE SET announced = 1, name = excluded.name`,
      values: [hub.id, it.role, keyOf(it), it.business_details.name, orNull(hub.encryptedToken)],
    }),
  ),
];
/** The operator lets a party in behind a hub that does not announce it; changes no row when the hub has too many parties. */
export const approveHubParty = ({ hub, role, party }: Pick<HubParty, 'hub' | 'role' | 'party'>): Write => ({
  name: 'approve-hub-party',
  sql: `INSERT INTO hub_party (hub, role, party, name, announced, status, last_updated, approved) SELECT $1, $2, $3, $3, 1, 'CONNECTED', 0, 1 WHERE ${HAS_SPACE}
    ON CONFLICT (hub, role, party) DO UPDATE SET announced = 1, approved = 1`,
  values: [hub, role, party],
});
/** The running node has noticed that the party was let in. */
export const noteApproved = ({ hub, party }: Pick<HubParty, 'hub' | 'party'>): Write => ({
  name: 'note-approved',
  sql: 'UPDATE hub_party SET approved = 2 WHERE hub = $1 AND party = $2 AND approved = 1',
  values: [hub, party],
});
/** The parties that were let in and that the running node has not noticed yet. */
export const newlyApproved: Query<{ hub: PeerId; party: PartyKey; since: EpochMicros }> = {
  name: 'newly-approved',
  sql: 'SELECT hub, party FROM hub_party WHERE approved = 1 ORDER BY seq',
  values: [],
  read: (row) => ({ hub: peerId(text(row, 'hub')), party: asPartyKey(text(row, 'party')), since: epochMicros(0) }),
};
/** A party is an own party: no hub may speak for it. */
export const withdrawAnnouncements = (party: PartyKey): Write => ({
  name: 'withdraw-announcements',
  sql: 'UPDATE hub_party SET announced = 0 WHERE party = $1',
  values: [party],
});
/** Deletes all parties of a hub. */
export const dropHubParties = (hub: PeerId): Write => ({ name: 'drop-hub-parties', sql: 'DELETE FROM hub_party WHERE hub = $1', values: [hub] });

const read = (row: Row): HubParty => ({
  hub: peerId(text(row, 'hub')),
  role: text(row, 'role'),
  party: asPartyKey(text(row, 'party')),
  name: text(row, 'name'),
  announced: flag(row, 'announced'),
  status: enumValue(row, 'status', CONNECTION_STATES),
  lastUpdated: epochMicros(integer(row, 'last_updated')),
  body: maybeText(row, 'body'),
});

/** The roles of one party behind a hub, newest first. */
export const hubPartyRoles = (hub: PeerId, party: PartyKey): Query<HubParty> => ({
  name: 'hub-party-roles',
  sql: 'SELECT * FROM hub_party WHERE hub = $1 AND party = $2 ORDER BY last_updated DESC, seq DESC',
  values: [hub, party],
  read,
});

/** The parties that a hub speaks for: it announced them before any other hub, and they are not registered themselves. */
export const partiesBehind = (hub: PeerId): Query<PartyViaHub> => ({
  name: 'parties-behind',
  sql: `SELECT hub_party.* FROM hub_party JOIN spoken_for ON spoken_for.peer = hub_party.hub AND spoken_for.role = hub_party.role
      AND spoken_for.party = hub_party.party
    WHERE hub_party.hub = $1 AND hub_party.announced = 1 ORDER BY hub_party.seq`,
  values: [hub],
  pace: 'quick', // authentication reads it
  read: (row) => {
    const { role, party, name, status } = read(row);
    const { countryCode: country_code, partyId: party_id } = partyName(party);
    return { role, country_code, party_id, business_details: { name }, status };
  },
});

/** The peers that speak for a party now, in any of its roles. */
export const peersSpeakingFor = (party: PartyKey): Query<PeerId> => ({
  name: 'peers-speaking-for',
  sql: 'SELECT DISTINCT peer FROM spoken_for WHERE party = $1',
  values: [party],
  read: (row) => peerId(text(row, 'peer')),
});
