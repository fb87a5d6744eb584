import type { Step } from '../migration-step.ts';

/** How the CSMS of a charge point let it in last: subprotocol, and a keyed hash of its credentials. */
export const letIn = (): readonly Step[] => [
  `CREATE TABLE let_in (
    station TEXT NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    proof TEXT NOT NULL,
    at BIGINT NOT NULL)`,
];
