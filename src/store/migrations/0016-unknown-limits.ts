import type { Step } from '../migration-step.ts';

/**
 * Since when it is unknown which limit holds on a session, in epoch ms (NULL: it is known); when a confirmed set replaced what the active
 * profile says (NULL: it counts); and whether a profile of the operator stands
 * beside those of other parties, so that the lowest counts.
 */
export const unknownLimits = (): readonly Step[] => [
  'ALTER TABLE session ADD COLUMN limit_unknown_since BIGINT',
  'ALTER TABLE session ADD COLUMN profile_replaced_at BIGINT',
  'ALTER TABLE input ADD COLUMN lower_only BIGINT NOT NULL DEFAULT 0',
];
