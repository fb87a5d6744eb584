/** The table of roles that peers claim, until the operator approves them. */
export const claims = (): readonly string[] => [
  `CREATE TABLE claim (
    peer TEXT NOT NULL,
    role TEXT NOT NULL,
    party TEXT NOT NULL,
    body TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    PRIMARY KEY (peer, role, party))`,
];
