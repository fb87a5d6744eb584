import type { DriverId, ExchangeId, SessionKey } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { decryptedJson, encryptedJson } from '../personal.ts';
import { integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';

/** Something that the operator's own systems may want to hear of, numbered in the order in which it was committed. */
export interface StoredEvent {
  seq: number;
  at: number;
  kind: string;
  session: string | undefined;
  exchange: string | undefined;
  /** JSON, in one shape for each kind. */
  body: string;
}

/** Kinds whose body is a session. */
const OF_DRIVERS: ReadonlySet<string> = new Set(['session']);

/** An event before it has a number; `driver`: whose session it tells of, as far as that is known. */
interface NewEvent {
  at: EpochMillis;
  kind: string;
  session?: SessionKey;
  exchange?: string;
  driver?: DriverId | undefined;
  body: unknown;
}
export const addEvent = (event: NewEvent): Write => ({
  name: 'add-event',
  sql: 'INSERT INTO event (at, kind, session_key, exchange, body) VALUES ($1, $2, $3, $4, $5)',
  values: [
    event.at,
    event.kind,
    orNull(event.session),
    orNull(event.exchange),
    OF_DRIVERS.has(event.kind) ? encryptedJson(event.body, { driver: event.driver }) : JSON.stringify(event.body),
  ],
});
/** Tells how an exchange ended, in the transaction that ended it, and only if it did. */
export const addOutcomeEvent = (exchange: ExchangeId, at: EpochMillis, body: unknown): Write => ({
  name: 'add-outcome-event',
  sql: `INSERT INTO event (at, kind, session_key, exchange, body)
    SELECT $2, 'exchange', session_key, id, $3 FROM exchange WHERE id = $1 AND ended_at = $2`,
  values: [exchange, at, JSON.stringify(body)],
});
/** Forgets from the oldest on, `most` at a time. The newest event stays whatever its age, so that whoever has heard it is known to have missed nothing. */
export const forgetEvents = (before: EpochMillis, most = Number.MAX_SAFE_INTEGER): Write => ({
  name: 'forget-events',
  sql: `DELETE FROM event WHERE seq IN (SELECT seq FROM event
    WHERE seq < COALESCE((SELECT seq FROM event WHERE at >= $1 ORDER BY seq LIMIT 1), (SELECT MAX(seq) FROM event)) ORDER BY seq LIMIT $2)`,
  values: [before, most],
});

const read = (row: Row, vault: Vault): StoredEvent => ({
  seq: integer(row, 'seq'),
  at: integer(row, 'at'),
  kind: text(row, 'kind'),
  session: maybeText(row, 'session_key'),
  exchange: maybeText(row, 'exchange'),
  body: OF_DRIVERS.has(text(row, 'kind')) ? JSON.stringify(decryptedJson<object>(row, 'body', vault)) : text(row, 'body'),
});
export const eventsAfter = (seq: number, limit: number): Query<StoredEvent> => ({
  name: 'events-after',
  sql: 'SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2',
  values: [seq, limit],
  read,
});
export const eventsOfSession = (session: SessionKey, limit: number): Query<StoredEvent> => ({
  name: 'events-of-session',
  sql: 'SELECT * FROM event WHERE session_key = $1 ORDER BY seq DESC LIMIT $2',
  values: [session, limit],
  read,
});
/** The numbers of the first and the last event that are not forgotten; zeros when there is none. */
export const eventRange: Query<{ oldest: number; newest: number }> = {
  name: 'event-range',
  sql: 'SELECT COALESCE(MIN(seq), 0) AS oldest, COALESCE(MAX(seq), 0) AS newest FROM event',
  values: [],
  read: (row) => ({ oldest: integer(row, 'oldest'), newest: integer(row, 'newest') }),
};
/** The newest security events, whatever else happened since. */
export const newestSecurity = (limit: number): Query<StoredEvent> => ({
  name: 'newest-security',
  sql: "SELECT * FROM event WHERE kind = 'security' ORDER BY seq DESC LIMIT $1",
  values: [limit],
  read,
});
