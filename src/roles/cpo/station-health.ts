import type { EpochMillis } from '../../domain/units.ts';

/** Refusals of limits in a row, without an acceptance between them. `first`: when the first one came; `answer`: the last answer. */
export interface Refusals {
  count: number;
  first: EpochMillis;
  answer: string;
}

/** What is known of a charge point. */
export interface StationFacts {
  /** It was connected once. */
  known: boolean;
  online: boolean;
  /** False: it takes no charging profiles; undefined: not known yet. */
  smartCharging: boolean | undefined;
  refusals: Refusals | undefined;
}

/** Whether a charge point does what the node needs of it. */
export const HEALTH = ['healthy', 'never-connected', 'away', 'refuses-limits', 'no-smart-charging'] as const;
/** One entry of `HEALTH`. */
export type Health = (typeof HEALTH)[number];

/** So many limits must be refused in a row: a single refusal may have a reason of its own. */
const REFUSED_IN_A_ROW = 2;

/** The health of a charge point, and why it is not healthy, as a sentence. */
export function healthOf({ known, online, smartCharging, refusals }: StationFacts): { state: Health; reason?: string } {
  if (!known) return { state: 'never-connected', reason: 'it was never connected' };
  if (!online) return { state: 'away', reason: 'it is not connected' };
  if (refusals && refusals.count >= REFUSED_IN_A_ROW)
    return { state: 'refuses-limits', reason: `it refused the last ${refusals.count} limits; its last answer: ${refusals.answer}` };
  return smartCharging === false ? { state: 'no-smart-charging', reason: 'it takes no charging profiles' } : { state: 'healthy' };
}

/** The refusals after one more answer to a limit. An answer that is neither accepted nor refused says nothing. */
export function countAnswer(before: Refusals | undefined, answer: string, at: EpochMillis): Refusals | undefined {
  if (answer.startsWith('ACCEPTED')) return undefined;
  if (!answer.startsWith('REJECTED')) return before;
  return { count: (before?.count ?? 0) + 1, first: before?.first ?? at, answer };
}
