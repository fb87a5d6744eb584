/** Tables for own and remote tokens, and for the own tokens that each peer has acknowledged. */
export const tokens = (serial: string): readonly string[] => [
  `CREATE TABLE token (
    seq ${serial},
    party TEXT NOT NULL,
    driver TEXT NOT NULL,
    type TEXT NOT NULL,
    own BIGINT NOT NULL,
    valid BIGINT NOT NULL,
    last_updated BIGINT NOT NULL,
    body TEXT NOT NULL)`,
  'CREATE UNIQUE INDEX token_name ON token (driver, type, party)',
  'CREATE INDEX token_own ON token (seq) WHERE own = 1',
  'CREATE INDEX token_party ON token (party)',
  `CREATE TABLE token_push (
    token BIGINT NOT NULL,
    peer TEXT NOT NULL,
    acknowledged TEXT NOT NULL,
    last_updated BIGINT NOT NULL,
    PRIMARY KEY (token, peer))`,
  'CREATE INDEX token_push_peer ON token_push (peer)',
];
