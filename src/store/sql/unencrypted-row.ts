import { asPartyKey, asSessionKey, type DriverId, driverId, type PartyKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import { encryptedJson } from '../personal.ts';
import { integer, mapDefined, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** Rows in one batch. */
const BATCH_SIZE = 200;
/** SQL condition: the column has a session whose token uid is not encrypted. An encrypted uid begins with 36 digits between two `~`, more than a uid may have. */
const isUnencrypted = (column: string) => `${column} LIKE '%"cdr_token":{%' AND ${column} NOT LIKE '%"uid":"~${'_'.repeat(36)}~%'`;
const driverIn = (row: Row): DriverId | undefined => mapDefined(maybeText(row, 'driver'), driverId);

/** A session that an earlier release stored without encryption. */
export interface UnencryptedSession {
  seq: number;
  key: SessionKey;
  station: StationId | undefined;
  body: string;
  progress: string | undefined;
  driver: DriverId | undefined;
}
/** The next batch of unencrypted sessions, with numbers above `after`. */
export const unencryptedSessions = (after: number): Query<UnencryptedSession> => ({
  name: 'unencrypted-sessions',
  sql: `SELECT seq, key, station, body, progress, driver FROM session
    WHERE seq > $1 AND ((${isUnencrypted('body')}) OR progress LIKE '%"mark":"% %') ORDER BY seq LIMIT ${BATCH_SIZE}`,
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
/** Encrypts a session if it is still as it was read; `progressWithoutToken` replaces its progress. */
export const encryptSession = ({ key, body, progress }: UnencryptedSession, driver: DriverId | undefined, progressWithoutToken: string | undefined): Write => ({
  name: 'encrypt-session',
  sql: "UPDATE session SET body = $2, driver = COALESCE(driver, $3), progress = $4 WHERE key = $1 AND body = $5 AND COALESCE(progress, '') = $6",
  values: [key, encryptedJson(JSON.parse(body), { driver }), orNull(driver), orNull(progressWithoutToken), body, progress ?? ''],
});

/** A push state that an earlier release stored without encryption. */
export interface UnencryptedPush {
  session: SessionKey;
  party: PartyKey;
  body: string;
  driver: DriverId | undefined;
}
/** The next batch of unencrypted push states, after a key. */
export const unencryptedPushes = (after: Pick<UnencryptedPush, 'session' | 'party'>): Query<UnencryptedPush> => ({
  name: 'unencrypted-pushes',
  sql: `SELECT push.session_key, push.party, push.acknowledged, session.driver FROM push LEFT JOIN session ON session.key = push.session_key
    WHERE (push.session_key, push.party) > ($1, $2) AND ${isUnencrypted('push.acknowledged')} ORDER BY push.session_key, push.party LIMIT ${BATCH_SIZE}`,
  values: [after.session, after.party],
  read: (row) => ({
    session: asSessionKey(text(row, 'session_key')),
    party: asPartyKey(text(row, 'party')),
    body: text(row, 'acknowledged'),
    driver: driverIn(row),
  }),
});
/** Encrypts a push state if it is still as it was read. */
export const encryptPush = ({ session, party, body, driver }: UnencryptedPush): Write => ({
  name: 'encrypt-push',
  sql: 'UPDATE push SET acknowledged = $3 WHERE session_key = $1 AND party = $2 AND acknowledged = $4',
  values: [session, party, encryptedJson(JSON.parse(body), { driver }), body],
});

/** A session event that an earlier release stored without encryption. */
export interface UnencryptedEvent {
  seq: number;
  body: string;
  driver: DriverId | undefined;
}
/** The next batch of unencrypted events, with numbers above `after`. */
export const unencryptedEvents = (after: number): Query<UnencryptedEvent> => ({
  name: 'unencrypted-events',
  sql: `SELECT event.seq, event.body, session.driver FROM event LEFT JOIN session ON session.key = event.session_key
    WHERE event.seq > $1 AND event.kind = 'session' AND ${isUnencrypted('event.body')} ORDER BY event.seq LIMIT ${BATCH_SIZE}`,
  values: [after],
  read: (row) => ({ seq: integer(row, 'seq'), body: text(row, 'body'), driver: driverIn(row) }),
});
/** Encrypts an event if it is still as it was read. */
export const encryptEvent = ({ seq, body, driver }: UnencryptedEvent): Write => ({
  name: 'encrypt-event',
  sql: 'UPDATE event SET body = $2 WHERE seq = $1 AND body = $3',
  values: [seq, encryptedJson(JSON.parse(body), { driver }), body],
});

/** Empties the write-ahead log of SQLite, which still contains the unencrypted rows. */
export const truncateWriteAheadLog: Query<number> = {
  name: 'truncate-write-ahead-log',
  sql: 'PRAGMA wal_checkpoint(TRUNCATE)',
  values: [],
  read: (row) => integer(row, 'busy'),
};
