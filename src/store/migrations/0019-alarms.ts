import type { Step } from '../migration-step.ts';

/**
 * Alarms that are not solved, with their history and acknowledgement, as JSON by their key. Contracts that end soon, and sessions
 * on which no limit is known, are found by small indexes, so that a look at them reads nothing that is over.
 */
export const alarms = (): readonly Step[] => [
  'CREATE TABLE alarm (key TEXT PRIMARY KEY, body TEXT NOT NULL)',
  "CREATE INDEX session_limit_unknown ON session (seq) WHERE status IN ('PENDING', 'ACTIVE', 'RESERVATION') AND limit_unknown_since IS NOT NULL",
  'CREATE INDEX contract_until ON contract (until_at) WHERE ended_at IS NULL',
];
