import { asSessionKey, type SessionKey } from '../../domain/ids.ts';
import type { ChargingPreferences } from '../../domain/preferences.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { json, text } from '../row.ts';
import type { Query, Write } from '../store.ts';
import { IS_RUNNING } from './session.ts';

/** The latest charging preferences of a driver for a session. */
export interface StoredPreference {
  session: SessionKey;
  preferences: ChargingPreferences;
}

/** Saves the charging preferences of a session and replaces earlier ones. */
export const savePreference = (session: SessionKey, preferences: ChargingPreferences, at: EpochMillis): Write => ({
  name: 'save-preference',
  sql: `INSERT INTO preference (session_key, body, said_at) VALUES ($1, $2, $3)
    ON CONFLICT (session_key) DO UPDATE SET body = excluded.body, said_at = excluded.said_at`,
  values: [session, JSON.stringify(preferences), at],
});

/** Deletes the preferences of sessions that are over: a departure time is personal and no longer needed. */
export const forgetPreferences: Write = {
  name: 'forget-preferences',
  sql: `DELETE FROM preference WHERE session_key NOT IN (SELECT key FROM session WHERE ${IS_RUNNING})`,
  values: [],
};

/** All stored preferences: of running sessions, and of sessions that ended since the last deletion. */
export const allPreferences: Query<StoredPreference> = {
  name: 'all-preferences',
  sql: 'SELECT session_key, body FROM preference',
  values: [],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), preferences: json<ChargingPreferences>(row, 'body') }),
};
