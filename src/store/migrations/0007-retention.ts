/**
 * What is over is found by when it ended. From here on drivers' data are sealed, which older releases cannot read and so must not open;
 * where none were kept yet, none stand in clear.
 */
export const retention = (_serial: string): readonly string[] => [
  'CREATE INDEX exchange_ended ON exchange (ended_at) WHERE ended_at IS NOT NULL',
  `CREATE INDEX session_over ON session (last_updated) WHERE status IN ('COMPLETED', 'INVALID')`,
  `INSERT INTO counter (name, value) SELECT 'drivers-sealed', 1
    WHERE NOT EXISTS (SELECT 1 FROM session) AND NOT EXISTS (SELECT 1 FROM push) AND NOT EXISTS (SELECT 1 FROM event)`,
];
