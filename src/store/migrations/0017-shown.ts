import type { Step } from '../migration-step.ts';

/**
 * Requests that this node refused are kept beside the accepted ones: a peer may use the X-Request-ID of a refused request again. The power
 * and the alarms of running sessions have columns and small indexes, so that figures over all sessions need no reading of their rows. The
 * answers of charge points to limits of their site are found by EVSE: they are the past of the site limit in the chart of a session.
 */
export const shown = (_serial: string): readonly Step[] => [
  'ALTER TABLE exchange ADD COLUMN declined BIGINT NOT NULL DEFAULT 0',
  'DROP INDEX exchange_request',
  'CREATE UNIQUE INDEX exchange_request ON exchange (peer, request_id) WHERE declined = 0',
  'CREATE INDEX exchange_declined ON exchange (peer, seq) WHERE declined = 1',
  'CREATE INDEX exchange_station ON exchange (station, seq) WHERE station IS NOT NULL',
  'ALTER TABLE session ADD COLUMN power BIGINT',
  'ALTER TABLE session ADD COLUMN deviates BIGINT NOT NULL DEFAULT 0',
  'ALTER TABLE session ADD COLUMN above BIGINT NOT NULL DEFAULT 0',
  `UPDATE session SET deviates = 1 WHERE status IN ('PENDING', 'ACTIVE', 'RESERVATION') AND active_profile LIKE '%"deviation":{%'`,
  "CREATE INDEX session_alarm ON session (seq) WHERE status IN ('PENDING', 'ACTIVE', 'RESERVATION') AND (deviates = 1 OR above = 1)",
  "CREATE INDEX input_uncertain ON input (session_key, party) WHERE state = 'uncertain'",
  'ALTER TABLE station ADD COLUMN heard_at BIGINT',
  'ALTER TABLE evidence ADD COLUMN evse TEXT',
  'CREATE INDEX evidence_evse ON evidence (evse, at) WHERE evse IS NOT NULL',
];
