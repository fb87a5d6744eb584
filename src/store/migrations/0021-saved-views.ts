import type { Step } from '../migration-step.ts';

/** Filters of a list that a user or API key keeps under a name. */
export const savedViews = (): readonly Step[] => [
  `CREATE TABLE saved_view (
    owner TEXT NOT NULL,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, list, name))`,
];
