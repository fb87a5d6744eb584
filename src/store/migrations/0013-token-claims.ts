import type { Step } from '../migration-step.ts';

/**
 * A token that another party has sent before is held until the operator approves it. Of the rows that exist, those of the
 * first party of each uid stay in force. The indexes count the remote objects of one party; a key starts with its party.
 */
export const tokenClaims = (): readonly Step[] => [
  'ALTER TABLE token ADD COLUMN held BIGINT NOT NULL DEFAULT 0',
  {
    update: 'UPDATE token SET held = 1',
    table: 'token',
    pending: 'own = 0 AND held = 0 AND party <> (SELECT first.party FROM token AS first WHERE first.driver = token.driver ORDER BY first.seq LIMIT 1)',
  },
  'CREATE INDEX token_held ON token (seq, party) WHERE held = 1',
  'CREATE INDEX session_remote_party ON session (substr(key, 1, 7)) WHERE peer IS NOT NULL',
  'CREATE INDEX location_remote_party ON location (substr(key, 1, 7)) WHERE peer IS NOT NULL',
];
