import { type Amperes, amperes, type EpochSeconds } from '../units.ts';

/** Whether a car leaves some of its limit unused, and since when. */
export interface UsageCap {
  /** What its share shrinks to; Infinity while it has all of it. */
  readonly cap: Amperes;
  /** While it draws less than its limit: since when, and the most that it drew since then. */
  readonly below?: { readonly since: EpochSeconds; readonly highest: number };
}

/** Nothing is left unused, as far as anybody knows. */
export const NO_USAGE_CAP: UsageCap = { cap: amperes(Infinity) };

/** A car that draws this part of its limit uses it all. */
const USED = 0.95;
/** What a car keeps beyond what it draws, so that it is seen when it wants more. */
const MARGIN = 1.1;

/** What a reading of a meter is held against. */
export interface MeterReading {
  readonly drawn: Amperes;
  /** The confirmed limit. */
  readonly limit: Amperes;
  readonly minimum: Amperes;
  readonly now: EpochSeconds;
  /** s; how long a car may draw less before it gives the rest back. */
  readonly delay: number;
}

/** After each stretch of patience below its limit, a car keeps the most that it drew in it and a tenth more; all comes back once it uses what it has. */
export function updateUsageCap(spare: UsageCap, { drawn, limit, minimum, now, delay }: MeterReading): UsageCap {
  if (drawn >= limit * USED) return spare === NO_USAGE_CAP ? spare : NO_USAGE_CAP;
  const { cap, below } = spare;
  if (!below) return { cap, below: { since: now, highest: drawn } };
  const highest = Math.max(below.highest, drawn);
  if (now - below.since >= delay) return { cap: amperes(Math.max(minimum, Math.ceil(highest * MARGIN * 10) / 10)), below: { since: now, highest: drawn } };
  return highest === below.highest ? spare : { cap, below: { since: below.since, highest } };
}
