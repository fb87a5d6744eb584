import type { Step } from '../migration-step.ts';

/** The id of the user or API key that requested a profile for the operator (NULL: a party, or not known), and the same for the profile that is installed. */
export const authors = (): readonly Step[] => ['ALTER TABLE exchange ADD COLUMN author TEXT', 'ALTER TABLE input ADD COLUMN author TEXT'];
