/**
 * Jobs read what runs, not what has ended. Profiles and steering records end with their session, so those of ended sessions go; the rows
 * of running sessions are copied, because they are few. Partial indexes hold the rows that jobs look for.
 */
export const running = (_serial: string): readonly string[] => [
  ...keepOfRunning('input', 'profile TEXT NOT NULL, state TEXT NOT NULL, at BIGINT NOT NULL', 'profile, state, at'),
  'CREATE INDEX input_party ON input (party)',
  ...keepOfRunning('steering', 'since BIGINT NOT NULL, told TEXT, told_at BIGINT, stale BIGINT NOT NULL DEFAULT 0', 'since, told, told_at, stale'),
  'CREATE INDEX steering_party ON steering (party)',
  'CREATE INDEX steering_peer ON steering (peer)',
  "CREATE INDEX session_running ON session (status, station, seq) WHERE status IN ('PENDING', 'ACTIVE', 'RESERVATION')",
  'DROP INDEX session_status',
  'CREATE INDEX push_failed ON push (session_key, party) WHERE failed = 1',
  'CREATE INDEX location_push_failed ON location_push (location_key, peer) WHERE failed = 1',
  'CREATE INDEX location_own ON location (last_updated) WHERE peer IS NULL',
  'DROP INDEX location_updated',
  'DROP INDEX token_own',
  'CREATE INDEX token_own ON token (last_updated) WHERE own = 1',
  'CREATE INDEX token_remote ON token (party) WHERE own = 0',
  'DROP INDEX token_party',
  'CREATE INDEX console_login_used ON console_login (used_at)',
  'CREATE INDEX console_login_began ON console_login (began_at)',
];

/** Replaces a table by one with the rows of running sessions only. */
function keepOfRunning(table: string, columns: string, names: string): readonly string[] {
  const all = `session_key, party, peer, ${names}`;
  return [
    `CREATE TABLE running_${table} (
      session_key TEXT NOT NULL,
      party TEXT NOT NULL,
      peer TEXT NOT NULL,
      ${columns},
      PRIMARY KEY (session_key, party))`,
    `INSERT INTO running_${table} (${all}) SELECT ${all} FROM ${table}
      WHERE session_key IN (SELECT key FROM session WHERE status IN ('PENDING', 'ACTIVE', 'RESERVATION'))`,
    `DROP TABLE ${table}`,
    `ALTER TABLE running_${table} RENAME TO ${table}`,
  ];
}
