import type { Step } from '../migration-step.ts';

/**
 * The installed profile of a session is that of its last accepted SET: the text of `ask` without its first 24 characters,
 * `{"kind":"set","profile":`, and without its last brace.
 */
const INPUTS_FROM_INSTALLED = `INSERT INTO input (session_key, party, peer, profile, state, at)
  SELECT exchange.session_key, exchange.peer, exchange.peer, SUBSTR(exchange.ask, 25, LENGTH(exchange.ask) - 25), 'installed', exchange.accepted_at
  FROM exchange JOIN session ON session.key = exchange.session_key
  WHERE session.installed IS NOT NULL AND session.status = 'ACTIVE' AND exchange.seq = (SELECT MAX(newest.seq) FROM exchange AS newest
    WHERE newest.session_key = session.key AND newest.kind = 'set' AND newest.result = 'ACCEPTED' AND newest.side <> 'sent')`;

/** Tables for contracts, consents, halts, relayed sessions and the profiles of several parties; records get the requesting party next to its peer. */
export const delegation = (_serial: string): readonly Step[] => [
  'ALTER TABLE session ADD COLUMN location_id TEXT',
  'ALTER TABLE session ADD COLUMN driver TEXT',
  'ALTER TABLE session ADD COLUMN receiver TEXT',
  'CREATE INDEX session_driver ON session (driver)',
  `CREATE TABLE contract (
    id TEXT PRIMARY KEY,
    party TEXT NOT NULL,
    origin TEXT NOT NULL,
    body TEXT NOT NULL,
    may_see BIGINT NOT NULL,
    may_control BIGINT NOT NULL,
    tokens_of TEXT,
    by_location BIGINT NOT NULL,
    by_evse BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    ended_at BIGINT)`,
  'CREATE INDEX contract_party ON contract (party)',
  `CREATE TABLE contract_place (
    contract TEXT NOT NULL REFERENCES contract (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (contract, kind, name))`,
  `CREATE TABLE consent (
    party TEXT NOT NULL,
    driver TEXT NOT NULL,
    purpose TEXT NOT NULL,
    origin TEXT NOT NULL,
    text_version TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (party, driver, purpose))`,
  `CREATE TABLE halt (
    party TEXT PRIMARY KEY,
    at BIGINT NOT NULL)`,
  `CREATE TABLE relayed (
    party TEXT NOT NULL,
    session_key TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    PRIMARY KEY (party, session_key))`,
  'CREATE INDEX relayed_session ON relayed (session_key)',
  `CREATE TABLE input (
    session_key TEXT NOT NULL,
    party TEXT NOT NULL,
    peer TEXT NOT NULL,
    profile TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (session_key, party))`,
  INPUTS_FROM_INSTALLED,
  'ALTER TABLE session DROP COLUMN installed',
  ...byParty('push', 'acknowledged TEXT, failed BIGINT NOT NULL DEFAULT 0', 'acknowledged, failed'),
  ...byParty('steering', 'since BIGINT NOT NULL, told TEXT, told_at BIGINT, stale BIGINT NOT NULL DEFAULT 0', 'since, told, told_at, stale'),
  'CREATE INDEX steering_party ON steering (party)',
  "CREATE INDEX exchange_by_us ON exchange (session_key, seq) WHERE side = 'sent' AND kind IN ('set', 'clear') AND state = 'CONFIRMED'",
  'ALTER TABLE exchange ADD COLUMN party TEXT',
  { update: 'UPDATE exchange SET party = peer', table: 'exchange', pending: 'party IS NULL' },
  'ALTER TABLE exchange ADD COLUMN upstream TEXT',
  'ALTER TABLE exchange ADD COLUMN message TEXT',
  'ALTER TABLE exchange ADD COLUMN relayed_outcome TEXT',
];

/** Adds the column `party`. Its value is the peer's id, which is the key of the peer's first party: until now only that party had records. */
function byParty(table: string, columns: string, names: string): readonly string[] {
  return [
    `CREATE TABLE new_${table} (
      session_key TEXT NOT NULL,
      party TEXT NOT NULL,
      peer TEXT NOT NULL,
      ${columns},
      PRIMARY KEY (session_key, party))`,
    `INSERT INTO new_${table} (session_key, party, peer, ${names}) SELECT session_key, peer, peer, ${names} FROM ${table}`,
    `DROP TABLE ${table}`,
    `ALTER TABLE new_${table} RENAME TO ${table}`,
  ];
}
