import type { Step } from '../migration-step.ts';

/**
 * Alarms that are not solved, with their history and acknowledgement, as JSON by their key. Contracts that end soon, and security events, are
 * found by small indexes, so that a look at them reads no ended contract and no other event.
 */
export const alarms = (): readonly Step[] => [
  'CREATE TABLE alarm (key TEXT PRIMARY KEY, body TEXT NOT NULL)',
  'CREATE INDEX contract_until ON contract (until_at) WHERE ended_at IS NULL',
];
