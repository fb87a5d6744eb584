import type { ExchangeState } from '../../domain/exchange.ts';
import type { DriverId, ExchangeId, SessionKey } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { decryptedJson, encryptedJson } from '../personal.ts';
import { integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';

/** An event for the operator's systems, numbered in the order of the commits. */
export interface StoredEvent {
  seq: number;
  at: number;
  kind: string;
  session: string | undefined;
  exchange: string | undefined;
  /** JSON, with one structure for each kind. */
  body: string;
}

/** Kinds whose body is a session, which contains personal data. */
const PERSONAL_KINDS: ReadonlySet<string> = new Set(['session']);

/** An event before it has a number; `driver`: the driver of its session, if known. */
interface NewEvent {
  at: EpochMillis;
  kind: string;
  session?: SessionKey;
  exchange?: string;
  driver?: DriverId | undefined;
  body: unknown;
}
/** Appends an event. */
export const addEvent = (event: NewEvent): Write => ({
  name: 'add-event',
  sql: 'INSERT INTO event (at, kind, session_key, exchange, body) VALUES ($1, $2, $3, $4, $5)',
  values: [
    event.at,
    event.kind,
    orNull(event.session),
    orNull(event.exchange),
    PERSONAL_KINDS.has(event.kind) ? encryptedJson(event.body, { driver: event.driver }) : JSON.stringify(event.body),
  ],
});
/** Appends an event about a session that is still ACTIVE; adds nothing when it has ended. */
export const addEventWhileActive = ({ at, kind, session, body }: NewEvent & { session: SessionKey }): Write => ({
  name: 'add-event-while-active',
  sql: "INSERT INTO event (at, kind, session_key, body) SELECT $1, $2, key, $4 FROM session WHERE key = $3 AND status = 'ACTIVE'",
  values: [at, kind, session, JSON.stringify(body)],
});
/** Appends the event of an exchange's outcome; must be in the transaction that ends the exchange, and adds nothing when it did not end so. */
export const addOutcomeEvent = (exchange: ExchangeId, at: EpochMillis, body: { state: ExchangeState; [field: string]: unknown }): Write => ({
  name: 'add-outcome-event',
  sql: `INSERT INTO event (at, kind, session_key, exchange, body)
    SELECT $2, 'exchange', session_key, id, $3 FROM exchange WHERE id = $1 AND ended_at = $2 AND state = $4`,
  values: [exchange, at, JSON.stringify(body), body.state],
});
const IS_OLDEST = 'seq < (SELECT MIN(seq) FROM event) + $2';
/**
 * Deletes events older than `before` among the oldest `most` numbers, until the first one that is not older. The newest event always stays,
 * so that a client that has read it can be told that it missed nothing.
 */
export const forgetEvents = (before: EpochMillis, most = Number.MAX_SAFE_INTEGER): Write => ({
  name: 'forget-events',
  sql: `DELETE FROM event WHERE ${IS_OLDEST}
    AND seq < COALESCE((SELECT MIN(seq) FROM event WHERE ${IS_OLDEST} AND at >= $1), (SELECT MAX(seq) FROM event))`,
  values: [before, most],
});

const read = (row: Row, vault: Vault): StoredEvent => ({
  seq: integer(row, 'seq'),
  at: integer(row, 'at'),
  kind: text(row, 'kind'),
  session: maybeText(row, 'session_key'),
  exchange: maybeText(row, 'exchange'),
  body: PERSONAL_KINDS.has(text(row, 'kind')) ? JSON.stringify(decryptedJson<object>(row, 'body', vault)) : text(row, 'body'),
});
/** Events after a number, oldest first. */
export const eventsAfter = (seq: number, limit: number): Query<StoredEvent> => ({
  name: 'events-after',
  sql: 'SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2',
  values: [seq, limit],
  read,
});
/** The events of one session, newest first. */
export const eventsOfSession = (session: SessionKey, limit: number): Query<StoredEvent> => ({
  name: 'events-of-session',
  sql: 'SELECT * FROM event WHERE session_key = $1 ORDER BY seq DESC LIMIT $2',
  values: [session, limit],
  read,
});
/** The numbers of the oldest and the newest stored event; 0 and 0 when there is none. */
export const eventRange: Query<{ oldest: number; newest: number }> = {
  name: 'event-range',
  // Two queries, because SQLite finds only one end of an index in one query and reads all rows for both.
  sql: 'SELECT COALESCE((SELECT MIN(seq) FROM event), 0) AS oldest, COALESCE((SELECT MAX(seq) FROM event), 0) AS newest',
  values: [],
  read: (row) => ({ oldest: integer(row, 'oldest'), newest: integer(row, 'newest') }),
};
/** The newest security events, newest first. */
export const newestSecurity = (limit: number): Query<StoredEvent> => ({
  name: 'newest-security',
  sql: "SELECT * FROM event WHERE kind = 'security' ORDER BY seq DESC LIMIT $1",
  values: [limit],
  read,
});
