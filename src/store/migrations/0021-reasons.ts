import type { Step } from '../migration-step.ts';

/** Who imposed a limit (the id of a user or an API key; NULL: not known), and the reason that was given. */
export const reasons = (): readonly Step[] => ['ALTER TABLE imposed_limit ADD COLUMN author TEXT', 'ALTER TABLE imposed_limit ADD COLUMN reason TEXT'];
