import { asSessionKey, type SessionKey } from '../../domain/ids.ts';
import type { ChargingPreferences } from '../../domain/preferences.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { json, text } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** What a driver last said of a session. */
export interface StoredPreference {
  session: SessionKey;
  preferences: ChargingPreferences;
}

export const savePreference = (session: SessionKey, preferences: ChargingPreferences, at: EpochMillis): Write => ({
  name: 'save-preference',
  sql: `INSERT INTO preference (session_key, body, said_at) VALUES ($1, $2, $3)
    ON CONFLICT (session_key) DO UPDATE SET body = excluded.body, said_at = excluded.said_at`,
  values: [session, JSON.stringify(preferences), at],
});

/** When somebody leaves is nobody's business once the session is over. */
export const forgetPreferences: Write = {
  name: 'forget-preferences',
  sql: "DELETE FROM preference WHERE session_key NOT IN (SELECT key FROM session WHERE status IN ('PENDING', 'ACTIVE', 'RESERVATION'))",
  values: [],
};

/** All that is kept: of sessions that run, and a few that ended a moment ago. */
export const allPreferences: Query<StoredPreference> = {
  name: 'all-preferences',
  sql: 'SELECT session_key, body FROM preference',
  values: [],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), preferences: json<ChargingPreferences>(row, 'body') }),
};
