/**
 * Indexes to find ended exchanges and sessions by their end. From this migration on drivers' data are encrypted, so older releases must
 * not open the store. An empty store is marked as completely encrypted.
 */
export const retention = (_serial: string): readonly string[] => [
  'CREATE INDEX exchange_ended ON exchange (ended_at) WHERE ended_at IS NOT NULL',
  `CREATE INDEX session_over ON session (last_updated) WHERE status IN ('COMPLETED', 'INVALID')`,
  `INSERT INTO counter (name, value) SELECT 'drivers-sealed', 1
    WHERE NOT EXISTS (SELECT 1 FROM session) AND NOT EXISTS (SELECT 1 FROM push) AND NOT EXISTS (SELECT 1 FROM event)`,
];
