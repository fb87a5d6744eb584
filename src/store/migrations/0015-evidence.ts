import type { Step } from '../migration-step.ts';

/**
 * What contracts say about the state of charge and about pushes, and when a party got its last push; and what is evidence for a settlement: samples of meters, in units that
 * are whole numbers (Wh, W, mA), and what was imposed, ordered and confirmed, as JSON.
 */
export const evidence = (serial: string): readonly Step[] => [
  'ALTER TABLE contract ADD COLUMN state_of_charge BIGINT NOT NULL DEFAULT 0',
  'ALTER TABLE contract ADD COLUMN push_every BIGINT',
  'ALTER TABLE push ADD COLUMN pushed_at BIGINT',
  `CREATE TABLE meter_sample (
    session_key TEXT NOT NULL,
    at BIGINT NOT NULL,
    energy BIGINT NOT NULL,
    power BIGINT,
    current BIGINT,
    offered BIGINT,
    offered_unit TEXT,
    state TEXT NOT NULL,
    PRIMARY KEY (session_key, at))`,
  'CREATE INDEX meter_sample_at ON meter_sample (at)',
  `CREATE TABLE evidence (
    seq ${serial},
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    session_key TEXT,
    site TEXT,
    body TEXT NOT NULL)`,
  'CREATE INDEX evidence_session ON evidence (session_key, at) WHERE session_key IS NOT NULL',
  'CREATE INDEX evidence_site ON evidence (site, at) WHERE site IS NOT NULL',
  'CREATE INDEX evidence_at ON evidence (at)',
];
