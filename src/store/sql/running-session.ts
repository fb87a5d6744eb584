import { asSessionKey, type SessionKey } from '../../domain/ids.ts';
import { text } from '../row.ts';
import type { Query } from '../store.ts';
import { type Input, readInput } from './input.ts';
import { IS_RUNNING, readSession, type StoredSession } from './session.ts';

/** Most keys in one query by keys; a shorter list is filled up, so that one prepared statement serves all. */
export const MOST_KEYS = 100;
const KEYS = Array.from({ length: MOST_KEYS }, (_, n) => `$${n + 1}`).join(', ');
const filled = (keys: readonly SessionKey[]) => [...keys, ...Array<SessionKey>(Math.max(0, MOST_KEYS - keys.length)).fill(asSessionKey(''))];

/** Sessions that have not ended, with numbers above `after`, oldest first. */
export const runningSessions = <B, P>(after: number, limit: number): Query<StoredSession<B, P>> => ({
  name: 'running-sessions',
  sql: `SELECT * FROM session WHERE ${IS_RUNNING} AND +seq > $1 ORDER BY +seq LIMIT $2`,
  values: [after, limit],
  read: readSession,
});
/** The sessions with these keys, 100 at most. */
export const sessionsByKeys = <B, P>(keys: readonly SessionKey[]): Query<StoredSession<B, P>> => ({
  name: 'sessions-by-keys',
  sql: `SELECT * FROM session WHERE key IN (${KEYS})`,
  values: filled(keys),
  read: readSession,
});
/** The profiles of the sessions with these keys, 100 at most, oldest first. */
export const inputsByKeys = (keys: readonly SessionKey[]): Query<Input & { session: SessionKey }> => ({
  name: 'inputs-by-keys',
  sql: `SELECT * FROM input WHERE session_key IN (${KEYS}) ORDER BY at, party`,
  values: filled(keys),
  read: (row) => ({ ...readInput(row), session: asSessionKey(text(row, 'session_key')) }),
});
