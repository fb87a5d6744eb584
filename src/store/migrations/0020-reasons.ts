import type { Step } from '../migration-step.ts';

/**
 * Who imposed a limit (the id of a user or an API key; NULL: not known), and the reason that was given. The index finds the few requests
 * that people and keys made among those of the planner.
 */
export const reasons = (): readonly Step[] => [
  'ALTER TABLE imposed_limit ADD COLUMN author TEXT',
  'ALTER TABLE imposed_limit ADD COLUMN reason TEXT',
  'CREATE INDEX exchange_author ON exchange (session_key) WHERE author IS NOT NULL',
];
