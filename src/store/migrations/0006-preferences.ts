/** The table of charging preferences of running sessions. */
export const preferences = (): readonly string[] => [
  `CREATE TABLE preference (
    session_key TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    said_at BIGINT NOT NULL)`,
];
