import { type EpochMillis, epochMicros } from '../../domain/units.ts';
import type { Write } from '../store.ts';
import { IS_OVER, IS_RUNNING } from './session.ts';

/** Rows that one transaction deletes at most, so that it does not delay other commits (SEC-45). */
export const MOST_AT_ONCE = 500;
const SESSIONS_AT_ONCE = 20;
const ROWS_AT_ONCE = 80;

/** The sessions to delete next; each statement selects them again, inside the transaction that deletes. */
const OLDEST = `(SELECT key FROM session WHERE ${IS_OVER} AND last_updated < $1 ORDER BY last_updated, key LIMIT ${SESSIONS_AT_ONCE})`;
const ofOldest = (table: string, key: string, before: number): Write => ({
  name: `forget-old-${table}`,
  sql: `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key.replaceAll(/[()]/g, '')} FROM ${table} WHERE session_key IN ${OLDEST} LIMIT ${ROWS_AT_ONCE})`,
  values: [before],
});
/** A limit makes PostgreSQL look for one row of each session; for EXISTS it may read the whole index instead. */
const hasRows = (table: string) => `(SELECT 1 FROM ${table} WHERE ${table}.session_key = session.key LIMIT 1) IS NOT NULL`;

/** Tables whose rows belong to one session, with their keys. */
const SESSION_TABLES = [
  ['event', 'seq'],
  ['exchange', 'seq'],
  ['push', '(session_key, party)'],
  ['steering', '(session_key, party)'],
  ['input', '(session_key, party)'],
  ['relayed', '(session_key, party)'],
  ['meter_sample', '(session_key, at)'],
  ['evidence', 'seq'],
] as const;

/**
 * Deletes a batch of the sessions that ended before `before`, with all their rows; running sessions stay. A session itself is deleted
 * when it has no other rows, so repeat this until it changes no row. A session that is over does not change any more (SES-17), so its
 * `last_updated` is its end.
 */
export const forgetSessions = (before: EpochMillis): readonly Write[] => {
  const micros = epochMicros(before * 1000);
  return [
    ...SESSION_TABLES.map(([table, key]) => ofOldest(table, key, micros)),
    {
      name: 'forget-old-session',
      sql: `DELETE FROM session WHERE key IN ${OLDEST} AND NOT (${SESSION_TABLES.map(([table]) => hasRows(table)).join(' OR ')})`,
      values: [micros],
    },
  ];
};

/** Deletes a batch of the exchanges that ended before `before`. Exchanges of running sessions stay, because they show who steers. */
export const forgetExchanges = (before: EpochMillis): Write => ({
  name: 'forget-old-exchanges',
  sql: `DELETE FROM exchange WHERE seq IN (SELECT seq FROM exchange WHERE ended_at IS NOT NULL AND ended_at < $1
      AND NOT EXISTS (SELECT 1 FROM session WHERE session.key = exchange.session_key AND session.${IS_RUNNING})
    ORDER BY ended_at LIMIT ${MOST_AT_ONCE})`,
  values: [before],
});
