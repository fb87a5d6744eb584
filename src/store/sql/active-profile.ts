import { asSessionKey, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { StoredActiveProfile } from '../../domain/station.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { text } from '../row.ts';
import type { Query, Write } from '../store.ts';
import { IS_ACTIVE, IS_RUNNING } from './session.ts';

/** Saves the active profile of a session: from now on it is known which limit holds. */
export const setActiveProfile = (key: SessionKey, active: StoredActiveProfile): Write => ({
  name: 'set-active-profile',
  sql: 'UPDATE session SET active_profile = $2, limit_unknown_since = NULL, profile_replaced_at = NULL WHERE key = $1',
  values: [key, JSON.stringify(active)],
});

/** Still true for what was read at `readAt`: the session is ACTIVE, and nothing has put its limit in doubt since then. */
const STILL_TRUE = (readAt: string) => `status = 'ACTIVE' AND COALESCE(limit_unknown_since, 0) <= ${readAt} AND COALESCE(profile_replaced_at, 0) <= ${readAt}`;

/** Saves the active profile that a charge point was asked for at `readAt`; changes no row when the session has ended, or when a later change has put it in doubt. */
export const setActiveProfileReadAt = (key: SessionKey, active: StoredActiveProfile, readAt: EpochMillis): Write => ({
  name: 'set-active-profile-read-at',
  sql: `UPDATE session SET active_profile = $2, deviates = $4, limit_unknown_since = NULL, profile_replaced_at = NULL
    WHERE key = $1 AND ${STILL_TRUE('$3')}`,
  values: [key, JSON.stringify(active), readAt, active.deviation ? 1 : 0],
});

/** Something was limited before: only then there is a limit that may no longer hold. */
const HAS_LIMIT = '(session.active_profile IS NOT NULL OR EXISTS (SELECT 1 FROM input WHERE input.session_key = session.key))';

/** The active profile of an ACTIVE session no longer counts, until the next one is saved. The first moment stays; a session that was never limited is not marked. */
export const limitUnknown = (key: SessionKey, since: EpochMillis): Write => ({
  name: 'limit-unknown',
  sql: `UPDATE session SET limit_unknown_since = $2, deviates = 0, above = 0 WHERE key = $1 AND status = 'ACTIVE' AND limit_unknown_since IS NULL AND ${HAS_LIMIT}`,
  values: [key, since],
});
/** The event of `limitUnknown`; belongs before it in its transaction, and adds nothing when the limit is unknown already. */
export const limitUnknownEvent = (key: SessionKey, since: EpochMillis): Write => ({
  name: 'limit-unknown-event',
  sql: `INSERT INTO event (at, kind, session_key, body)
    SELECT $2, 'limit-unknown', key, '{}' FROM session WHERE key = $1 AND status = 'ACTIVE' AND limit_unknown_since IS NULL AND ${HAS_LIMIT}`,
  values: [key, since],
});

/** A charge point confirmed a set: its profile is known to be installed, and the active profile that was read before no longer counts. */
export const profileReplaced = (key: SessionKey, at: EpochMillis): Write => ({
  name: 'profile-replaced',
  sql: "UPDATE session SET profile_replaced_at = $2, limit_unknown_since = NULL, deviates = 0 WHERE key = $1 AND status = 'ACTIVE'",
  values: [key, at],
});

/** The ACTIVE sessions at own charge points of which it is unknown what holds. */
export const unknownLimits: Query<SessionKey> = {
  name: 'unknown-limits',
  sql: `SELECT key FROM session WHERE ${IS_ACTIVE} AND peer IS NULL AND limit_unknown_since IS NOT NULL ORDER BY seq`,
  values: [],
  read: (row) => asSessionKey(text(row, 'key')),
};
/** The same at one charge point. */
export const unknownLimitsAt = (station: StationId): Query<SessionKey> => ({
  name: 'unknown-limits-at',
  sql: `SELECT key FROM session WHERE station = $1 AND ${IS_RUNNING} AND limit_unknown_since IS NOT NULL ORDER BY seq`,
  values: [station],
  read: (row) => asSessionKey(text(row, 'key')),
});
