import { asPartyKey, asSessionKey, type DriverId, driverId, type PartyKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import { encryptedJson } from '../personal.ts';
import { integer, mapDefined, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** Rows looked through at once. */
const CLEAR_AT_ONCE = 200;
/** A uid as `encryptedJson` writes it: 36 digits between two `~`, more than any uid may have. */
const isClear = (column: string) => `${column} LIKE '%"cdr_token":{%' AND ${column} NOT LIKE '%"uid":"~${'_'.repeat(36)}~%'`;
const driverIn = (row: Row): DriverId | undefined => mapDefined(maybeText(row, 'driver'), driverId);

/** A session that an earlier release wrote, as it stands in its row. */
export interface UnencryptedSession {
  seq: number;
  key: SessionKey;
  station: StationId | undefined;
  body: string;
  progress: string | undefined;
  driver: DriverId | undefined;
}
export const unencryptedSessions = (after: number): Query<UnencryptedSession> => ({
  name: 'clear-sessions',
  sql: `SELECT seq, key, station, body, progress, driver FROM session
    WHERE seq > $1 AND ((${isClear('body')}) OR progress LIKE '%"mark":"% %') ORDER BY seq LIMIT ${CLEAR_AT_ONCE}`,
  values: [after],
  read: (row) => ({
    seq: integer(row, 'seq'),
    key: asSessionKey(text(row, 'key')),
    station: mapDefined(maybeText(row, 'station'), stationId),
    body: text(row, 'body'),
    progress: maybeText(row, 'progress'),
    driver: driverIn(row),
  }),
});
/** Encrypts one that is still as it was read; `hidden` is its progress without a token in it. */
export const encryptSession = ({ key, body, progress }: UnencryptedSession, driver: DriverId | undefined, hidden: string | undefined): Write => ({
  name: 'encryption-clear-session',
  sql: "UPDATE session SET body = $2, driver = COALESCE(driver, $3), progress = $4 WHERE key = $1 AND body = $5 AND COALESCE(progress, '') = $6",
  values: [key, encryptedJson(JSON.parse(body), { driver }), orNull(driver), orNull(hidden), body, progress ?? ''],
});

export interface UnencryptedPush {
  session: SessionKey;
  party: PartyKey;
  body: string;
  driver: DriverId | undefined;
}
export const unencryptedPushes = (after: Pick<UnencryptedPush, 'session' | 'party'>): Query<UnencryptedPush> => ({
  name: 'clear-pushes',
  sql: `SELECT push.session_key, push.party, push.acknowledged, session.driver FROM push LEFT JOIN session ON session.key = push.session_key
    WHERE (push.session_key, push.party) > ($1, $2) AND ${isClear('push.acknowledged')} ORDER BY push.session_key, push.party LIMIT ${CLEAR_AT_ONCE}`,
  values: [after.session, after.party],
  read: (row) => ({
    session: asSessionKey(text(row, 'session_key')),
    party: asPartyKey(text(row, 'party')),
    body: text(row, 'acknowledged'),
    driver: driverIn(row),
  }),
});
export const encryptPush = ({ session, party, body, driver }: UnencryptedPush): Write => ({
  name: 'encryption-clear-push',
  sql: 'UPDATE push SET acknowledged = $3 WHERE session_key = $1 AND party = $2 AND acknowledged = $4',
  values: [session, party, encryptedJson(JSON.parse(body), { driver }), body],
});

export interface UnencryptedEvent {
  seq: number;
  body: string;
  driver: DriverId | undefined;
}
export const unencryptedEvents = (after: number): Query<UnencryptedEvent> => ({
  name: 'clear-events',
  sql: `SELECT event.seq, event.body, session.driver FROM event LEFT JOIN session ON session.key = event.session_key
    WHERE event.seq > $1 AND event.kind = 'session' AND ${isClear('event.body')} ORDER BY event.seq LIMIT ${CLEAR_AT_ONCE}`,
  values: [after],
  read: (row) => ({ seq: integer(row, 'seq'), body: text(row, 'body'), driver: driverIn(row) }),
});
export const encryptEvent = ({ seq, body, driver }: UnencryptedEvent): Write => ({
  name: 'encryption-clear-event',
  sql: 'UPDATE event SET body = $2 WHERE seq = $1 AND body = $3',
  values: [seq, encryptedJson(JSON.parse(body), { driver }), body],
});

/** SQLite alone: its write-ahead log still holds the rows as they were. */
export const truncateWriteAheadLog: Query<number> = {
  name: 'empty-log',
  sql: 'PRAGMA wal_checkpoint(TRUNCATE)',
  values: [],
  read: (row) => integer(row, 'busy'),
};
