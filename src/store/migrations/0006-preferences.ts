/** How drivers want their sessions to charge, as long as these run. */
export const preferences = (): readonly string[] => [
  `CREATE TABLE preference (
    session_key TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    said_at BIGINT NOT NULL)`,
];
