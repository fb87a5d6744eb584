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
import { type EpochMicros, type EpochMillis, epochMicros, epochMillis } from '../../domain/units.ts';
import { decryptedJson, encryptedJson } from '../personal.ts';
import { asJson, flag, integer, mapDefined, maybeInteger, maybeJson, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';
import { containsText, searchPattern } from './text-search.ts';

const RUNNING: readonly string[] = ['PENDING', 'ACTIVE', 'RESERVATION'];
/** Whether a session with this status has not ended. */
export const isRunning = (status: string): boolean => RUNNING.includes(status);
const IN_RUNNING = `IN (${RUNNING.map((status) => `'${status}'`).join(', ')})`;
/** SQL condition of sessions that have not ended. It repeats the text of the index session_running, because the query planner uses the index only then. */
export const IS_RUNNING = `status ${IN_RUNNING}`;
/** SQL condition of sessions that have ended, with the text of the index session_over. */
export const IS_OVER = "status IN ('COMPLETED', 'INVALID')";
/** SQL expression: the status of the session with this key. It is looked up for each row; a join would let the planner read all running sessions instead. */
export const statusOf = (key: string) => `(SELECT session.status FROM session WHERE session.key = ${key})`;
/** SQL condition: the session with this key has not ended. */
export const runs = (key: string) => `${statusOf(key)} ${IN_RUNNING}`;
/** SQL condition of sessions whose profiles can be set. */
export const IS_ACTIVE = `session.${IS_RUNNING} AND session.status = 'ACTIVE'`;

/** A session in the store: at an own charge point when `peer` is undefined, else a remote one from that peer. */
export interface StoredSession<Body, Progress> {
  seq: number;
  key: SessionKey;
  peer: PeerId | undefined;
  tokenParty: PartyKey | undefined;
  /** The pseudonym of the driver. */
  driver: DriverId | undefined;
  /** The own party that a peer sent the session to. */
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
  /** The active profile that was read last; undefined after a change of the profiles, until the next one is read. */
  activeProfile: StoredActiveProfile | undefined;
  /** The active profile that was read last, also while it no longer counts. */
  lastActiveProfile: StoredActiveProfile | undefined;
  /** Since when it is unknown which limit holds; undefined: it is known. */
  limitUnknownSince: EpochMillis | undefined;
  /** A remote session that must be pulled again, because received messages contradict each other. */
  stale: boolean;
}

/** Reads a session from a row. */
export const readSession = <B, P>(row: Row, vault: Vault): StoredSession<B, P> => ({
  ...readActive(row),
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
  stale: flag(row, 'dirty'),
});

type ActiveOfSession = 'activeProfile' | 'lastActiveProfile' | 'limitUnknownSince';
function readActive(row: Row): Pick<StoredSession<unknown, unknown>, ActiveOfSession> {
  const lastActiveProfile = maybeJson<StoredActiveProfile>(row, 'active_profile');
  const limitUnknownSince = mapDefined(maybeInteger(row, 'limit_unknown_since'), epochMillis);
  const counts = limitUnknownSince === undefined && maybeInteger(row, 'profile_replaced_at') === undefined;
  return { lastActiveProfile, limitUnknownSince, activeProfile: counts ? lastActiveProfile : undefined };
}

type SavedSession<B, P> = Omit<StoredSession<B, P>, 'seq' | ActiveOfSession | 'stale'> & {
  foldedId: string;
  /** W that a running session draws, for sums over all sessions. `isAbove`: it draws more than its limit. */
  power?: number | undefined;
  isAbove?: boolean;
};

/** Saves a session. A remote session moves to another peer only when the old peer no longer speaks for its party, for example after a change of platform. */
export const saveSession = <B, P>(s: SavedSession<B, P>): Write => ({
  name: 'save-session',
  sql: `INSERT INTO session (key, peer, folded_id, token_party, status, last_updated, body, station, evse_uid, transaction_id, profile_id, progress,
      driver, receiver, location_id, power, above)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    ON CONFLICT (key) DO UPDATE SET peer = excluded.peer, token_party = excluded.token_party, status = excluded.status, last_updated = excluded.last_updated,
      body = excluded.body, progress = excluded.progress, station = excluded.station, evse_uid = excluded.evse_uid,
      transaction_id = excluded.transaction_id, profile_id = excluded.profile_id, driver = excluded.driver, receiver = excluded.receiver,
      location_id = excluded.location_id, power = excluded.power, above = excluded.above
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
    s.power === undefined ? null : Math.round(s.power),
    s.isAbove ? 1 : 0,
  ],
});

/** Marks whether a remote session must be pulled again. */
export const setStale = (key: SessionKey, stale: boolean): Write => ({
  name: 'set-stale',
  sql: 'UPDATE session SET dirty = $2 WHERE key = $1',
  values: [key, stale ? 1 : 0],
});

const select = <B, P>(name: string, tail: string, values: Query<unknown>['values']): Query<StoredSession<B, P>> => ({
  name,
  sql: `SELECT * FROM session ${tail}`,
  values,
  read: readSession,
});

/** The session with this key. */
export const sessionByKey = <B, P>(key: SessionKey) => select<B, P>('session-by-key', 'WHERE key = $1', [key]);
/** The session of a station's transaction. */
export const sessionOfTransaction = <B, P>(station: StationId, transactionId: string) =>
  select<B, P>('session-of-transaction', 'WHERE station = $1 AND transaction_id = $2', [station, transactionId]);
/** The sessions of one station that have not ended. */
export const runningAt = <B, P>(station: StationId) => select<B, P>('running-at', `WHERE station = $1 AND ${IS_RUNNING} ORDER BY seq`, [station]);
/** The own sessions of all stations that have not ended, oldest first. */
export const runningOwn = <B, P>() => select<B, P>('running-own', `WHERE ${IS_RUNNING} AND peer IS NULL AND station IS NOT NULL ORDER BY seq`, []);
/** The sessions that have not ended and that a party steers or has a profile on, oldest first. Looked up for each session; EXISTS would let the planner read all profiles. */
export const steeredSessions = <B, P>() =>
  select<B, P>(
    'steered-sessions',
    `WHERE ${IS_RUNNING} AND COALESCE((SELECT 1 FROM input WHERE input.session_key = session.key LIMIT 1),
      (SELECT 1 FROM steering WHERE steering.session_key = session.key LIMIT 1)) = 1 ORDER BY seq`,
    [],
  );
/** A transaction of an own session that runs. */
export interface RunningTransaction {
  session: SessionKey;
  station: StationId;
  transactionId: string;
  evseUid: string | undefined;
}
/** The transactions of all own sessions that run, oldest first. */
export const runningTransactions: Query<RunningTransaction> = {
  name: 'running-transactions',
  sql: `SELECT key, station, transaction_id, evse_uid FROM session
    WHERE ${IS_RUNNING} AND status <> 'RESERVATION' AND peer IS NULL AND station IS NOT NULL AND transaction_id IS NOT NULL ORDER BY seq`,
  values: [],
  read: (row) => ({
    session: asSessionKey(text(row, 'key')),
    station: stationId(text(row, 'station')),
    transactionId: text(row, 'transaction_id'),
    evseUid: maybeText(row, 'evse_uid'),
  }),
};
/** Remote sessions that are ACTIVE, so that profiles can be set, oldest first. */
export const runningRemote = <B, P>() => select<B, P>('running-remote', `WHERE peer IS NOT NULL AND ${IS_ACTIVE} ORDER BY seq`, []);
/**
 * Own sessions, and remote sessions with a token of one of `parties` (`all`: any token), with numbers from `floor` (inclusive) to
 * `before` (exclusive), newest first. `q`: a part of the key, the station, the EVSE or the location.
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
  const ofRunning = status !== undefined && isRunning(status);
  const byStatus = status === undefined ? '' : `${ofRunning ? ` AND ${IS_RUNNING}` : ''} AND status = $${values.push(status)}`;
  // The sign keeps the planner from reading ended sessions in this order until it has found enough running ones.
  const seq = ofRunning ? '+seq' : 'seq';
  const byName = q === undefined ? '' : ` AND ${containsText(['key', 'station', 'evse_uid', 'location_id'], `$${values.push(searchPattern(q))}`)}`;
  const name = `newest-sessions-${parties === 'all' ? 'all' : parties.length}${byStatus && (ofRunning ? '-by-running-status' : '-by-status')}${byName && '-by-name'}`;
  return select<B, P>(name, `WHERE ${seq} < $1 AND ${seq} >= $3${bySide}${byStatus}${byName} ORDER BY ${seq} DESC LIMIT $2`, values);
}
/** The number of the newest session; 0 when there is none. */
export const newestSession: Query<number> = {
  name: 'newest-session',
  sql: 'SELECT COALESCE(MAX(seq), 0) AS seq FROM session',
  values: [],
  read: (row) => integer(row, 'seq'),
};
/** The sessions with this folded id, of any CPO. */
export const sessionsByFoldedId = <B, P>(foldedId: string) => select<B, P>('sessions-by-folded-id', 'WHERE folded_id = $1', [foldedId]);
/** Sessions with numbers from `floor` on whose folded id or key begins with this text, newest first. */
export const sessionsByPrefix = <B, P>(prefix: string, floor: number, limit: number) =>
  select<B, P>('sessions-by-prefix', 'WHERE seq >= $2 AND (substr(folded_id, 1, $4) = $1 OR substr(key, 1, $4) = $1) ORDER BY seq DESC LIMIT $3', [
    prefix,
    floor,
    limit,
    prefix.length,
  ]);
/** Running sessions at the EVSE with this folded uid, or at the charge point with this folded id. */
export const runningAtPlace = <B, P>(folded: string, limit: number) =>
  select<B, P>('running-at-place', `WHERE ${IS_RUNNING} AND (UPPER(evse_uid) = $1 OR UPPER(station) = $1) ORDER BY +seq LIMIT $2`, [folded, limit]);
/** Running remote sessions at EVSEs whose location gives them this EVSE ID. The location is looked up for each running session. */
export const runningAtEvseId = <B, P>(evseId: string, limit: number) =>
  select<B, P>(
    'running-at-evse-id',
    `WHERE ${IS_RUNNING} AND peer IS NOT NULL AND EXISTS (SELECT 1 FROM location_evse WHERE location_evse.location_key = substr(session.key, 1, 7) || UPPER(session.location_id)
      AND location_evse.uid = UPPER(session.evse_uid) AND ${containsText(['location_evse.body'], '$1')}) ORDER BY +seq LIMIT $2`,
    [searchPattern(`"evse_id":${JSON.stringify(evseId)}`), limit],
  );
/** The sessions of one driver with numbers above `after`, oldest first. */
export const sessionsOfDriver = <B, P>(driver: DriverId, after: number, limit: number) =>
  select<B, P>('sessions-of-driver', 'WHERE driver = $1 AND seq > $2 ORDER BY seq LIMIT $3', [driver, after, limit]);
