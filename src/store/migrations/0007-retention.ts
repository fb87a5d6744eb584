/** What is over is found by when it ended. From here on drivers' data are sealed, which older releases cannot read and so must not open. */
export const retention = (_serial: string): readonly string[] => [
  'CREATE INDEX exchange_ended ON exchange (ended_at) WHERE ended_at IS NOT NULL',
  `CREATE INDEX session_over ON session (last_updated) WHERE status IN ('COMPLETED', 'INVALID')`,
];
