/** Tables for the users and logins of the console, and for the audit chain. */
export const consoleTables = (): readonly string[] => [
  `CREATE TABLE console_user (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT UNIQUE,
    role TEXT NOT NULL,
    password TEXT,
    totp TEXT,
    totp_step BIGINT NOT NULL DEFAULT 0,
    issuer TEXT,
    subject TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (issuer, subject))`,
  `CREATE TABLE console_login (
    hash TEXT PRIMARY KEY,
    console_user TEXT NOT NULL REFERENCES console_user (id),
    began_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL)`,
  'CREATE INDEX console_login_user ON console_login (console_user)',
  `CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    by_kind TEXT NOT NULL,
    by_id TEXT,
    act TEXT NOT NULL,
    subject TEXT,
    says TEXT,
    hash TEXT NOT NULL)`,
  "CREATE INDEX event_security ON event (seq) WHERE kind = 'security'",
];
