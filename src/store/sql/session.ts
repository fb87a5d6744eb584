import {
  asPartyKey,
  asSessionKey,
  type DriverId,
  driverId,
  type PartyKey,
  type PeerId,
  peerId,
  type SessionKey,
  type StationId,
  stationId,
} from '../../domain/ids.ts';
import type { StoredActiveProfile } from '../../domain/station.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { decryptedJson, encryptedJson } from '../personal.ts';
import { asJson, integer, mapDefined, maybeInteger, maybeJson, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';
import { containsText, searchPattern } from './text-search.ts';

/** A session as it stands in the store: one of our own charge points when `peer` is absent, else one that a peer told us of. */
export interface StoredSession<Body, Progress> {
  seq: number;
  key: SessionKey;
  peer: PeerId | undefined;
  tokenParty: PartyKey | undefined;
  /** Whose token it is, under a name that says nothing of them. */
  driver: DriverId | undefined;
  /** The party of ours that a peer told it to. */
  receiver: PartyKey | undefined;
  locationId: string | undefined;
  status: string;
  lastUpdated: EpochMicros;
  body: Body;
  station: StationId | undefined;
  evseUid: string | undefined;
  transactionId: string | undefined;
  profileId: number | undefined;
  progress: Progress | undefined;
  activeProfile: StoredActiveProfile | undefined;
  stale: boolean;
}

export const readSession = <B, P>(row: Row, vault: Vault): StoredSession<B, P> => ({
  seq: integer(row, 'seq'),
  key: asSessionKey(text(row, 'key')),
  peer: mapDefined(maybeText(row, 'peer'), peerId),
  tokenParty: mapDefined(maybeText(row, 'token_party'), asPartyKey),
  driver: mapDefined(maybeText(row, 'driver'), driverId),
  receiver: mapDefined(maybeText(row, 'receiver'), asPartyKey),
  locationId: maybeText(row, 'location_id'),
  status: text(row, 'status'),
  lastUpdated: epochMicros(integer(row, 'last_updated')),
  body: decryptedJson<B>(row, 'body', vault),
  station: mapDefined(maybeText(row, 'station'), stationId),
  evseUid: maybeText(row, 'evse_uid'),
  transactionId: maybeText(row, 'transaction_id'),
  profileId: maybeInteger(row, 'profile_id'),
  progress: maybeJson<P>(row, 'progress'),
  activeProfile: maybeJson<StoredActiveProfile>(row, 'active_profile'),
  stale: integer(row, 'dirty') === 1,
});

type Saved<B, P> = Omit<StoredSession<B, P>, 'seq' | 'activeProfile' | 'dirty'> & { foldedId: string };

/** A session stays with the peer that told of it, for as long as that one speaks for its party: a party may change platforms, or leave a hub. */
export const saveSession = <B, P>(s: Saved<B, P>): Write => ({
  name: 'save-session',
  sql: `INSERT INTO session (key, peer, folded_id, token_party, status, last_updated, body, station, evse_uid, transaction_id, profile_id, progress,
      driver, receiver, location_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (key) DO UPDATE SET peer = excluded.peer, token_party = excluded.token_party, status = excluded.status, last_updated = excluded.last_updated,
      body = excluded.body, progress = excluded.progress, station = excluded.station, evse_uid = excluded.evse_uid,
      transaction_id = excluded.transaction_id, profile_id = excluded.profile_id, driver = excluded.driver, receiver = excluded.receiver,
      location_id = excluded.location_id
    WHERE session.peer IS NOT DISTINCT FROM excluded.peer OR (session.peer IS NOT NULL AND excluded.peer IS NOT NULL AND NOT EXISTS
      (SELECT 1 FROM spoken_for WHERE spoken_for.peer = session.peer AND session.key LIKE spoken_for.party || '*%'))`,
  values: [
    s.key,
    orNull(s.peer),
    s.foldedId,
    orNull(s.tokenParty),
    s.status,
    s.lastUpdated,
    encryptedJson(s.body, s),
    orNull(s.station),
    orNull(s.evseUid),
    orNull(s.transactionId),
    orNull(s.profileId),
    asJson(s.progress),
    orNull(s.driver),
    orNull(s.receiver),
    orNull(s.locationId),
  ],
});

export const setStale = (key: SessionKey, dirty: boolean): Write => ({
  name: 'set-dirty',
  sql: 'UPDATE session SET dirty = $2 WHERE key = $1',
  values: [key, dirty ? 1 : 0],
});

export const setActiveProfile = (key: SessionKey, active: StoredActiveProfile): Write => ({
  name: 'set-active-profile',
  sql: 'UPDATE session SET active_profile = $2 WHERE key = $1',
  values: [key, JSON.stringify(active)],
});

const select = <B, P>(name: string, tail: string, values: Query<unknown>['values']): Query<StoredSession<B, P>> => ({
  name,
  sql: `SELECT * FROM session ${tail}`,
  values,
  read: readSession,
});

export const sessionByKey = <B, P>(key: SessionKey) => select<B, P>('session-by-key', 'WHERE key = $1', [key]);
export const sessionOfTransaction = <B, P>(station: StationId, transactionId: string) =>
  select<B, P>('session-of-transaction', 'WHERE station = $1 AND transaction_id = $2', [station, transactionId]);
/** Sessions on one station that have not ended. */
export const runningAt = <B, P>(station: StationId) =>
  select<B, P>('running-at', "WHERE station = $1 AND status IN ('PENDING', 'ACTIVE', 'RESERVATION') ORDER BY seq", [station]);
/** Sessions that peers told us of and that take profiles now, oldest first. */
export const runningRemote = <B, P>() => select<B, P>('running-foreign', "WHERE peer IS NOT NULL AND status = 'ACTIVE' ORDER BY seq", []);
/**
 * Sessions of the house, and those whose token is of one of `parties` (`all`: whatever the token), from `floor` (inclusive) to `before`
 * (exclusive), newest first. `q`: a part of its key, station, EVSE or location.
 */
export function newestSessions<B, P>(which: {
  before: number;
  limit: number;
  parties: readonly PartyKey[] | 'all';
  status?: string;
  floor?: number;
  q?: string;
}) {
  const { before, limit, parties, status, floor = 0, q } = which;
  const named = parties === 'all' ? [] : parties;
  const values: (string | number)[] = [before, limit, floor, ...named];
  const bySide = parties === 'all' ? '' : ` AND (peer IS NULL OR token_party IN (${['NULL', ...parties.map((_, n) => `$${n + 4}`)].join(', ')}))`;
  const byStatus = status === undefined ? '' : ` AND status = $${values.push(status)}`;
  const byName = q === undefined ? '' : ` AND ${containsText(['key', 'station', 'evse_uid', 'location_id'], `$${values.push(searchPattern(q))}`)}`;
  const name = `newest-sessions-${parties === 'all' ? 'all' : parties.length}${byStatus && '-by-status'}${byName && '-by-name'}`;
  return select<B, P>(name, `WHERE seq < $1 AND seq >= $3${bySide}${byStatus}${byName} ORDER BY seq DESC LIMIT $2`, values);
}
export const newestSession: Query<number> = {
  name: 'newest-session',
  sql: 'SELECT COALESCE(MAX(seq), 0) AS seq FROM session',
  values: [],
  read: (row) => integer(row, 'seq'),
};
export const sessionsByFoldedId = <B, P>(foldedId: string) => select<B, P>('sessions-by-folded-id', 'WHERE folded_id = $1', [foldedId]);
/** The sessions of one driver in the order in which they came, those after one of them. */
export const sessionsOfDriver = <B, P>(driver: DriverId, after: number, limit: number) =>
  select<B, P>('sessions-of-driver', 'WHERE driver = $1 AND seq > $2 ORDER BY seq LIMIT $3', [driver, after, limit]);
