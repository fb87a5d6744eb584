import { type Amperes, amperes, type EpochSeconds } from '../units.ts';

/** A cap on the share of a car that draws less than its limit. */
export interface UsageCap {
  /** The cap on the share; Infinity: none. */
  readonly cap: Amperes;
  /** Present while the car draws less than its limit: since when, and the highest current since then. */
  readonly below?: { readonly since: EpochSeconds; readonly highest: number };
}

/** The state of a car that uses its limit, or of which no meter value is known. */
export const NO_USAGE_CAP: UsageCap = { cap: amperes(Infinity) };

/** From this part of its limit on, a car uses its limit. */
const USED = 0.95;
/** The cap above the highest measured current, so that the car can show that it wants more. */
const MARGIN = 1.1;

/** A meter value and the values that it is compared with. */
export interface MeterReading {
  readonly drawn: Amperes;
  /** The confirmed limit. */
  readonly limit: Amperes;
  readonly minimum: Amperes;
  readonly now: EpochSeconds;
  /** s; how long a car must draw less than its limit before it is capped. */
  readonly delay: number;
}

/** The cap after a meter value: after each `delay` below the limit, the highest current in it plus 10 %; none as soon as the car uses its limit. */
export function updateUsageCap(usage: UsageCap, { drawn, limit, minimum, now, delay }: MeterReading): UsageCap {
  if (drawn >= limit * USED) return usage === NO_USAGE_CAP ? usage : NO_USAGE_CAP;
  const { cap, below } = usage;
  if (!below) return { cap, below: { since: now, highest: drawn } };
  const highest = Math.max(below.highest, drawn);
  if (now - below.since >= delay) return { cap: amperes(Math.max(minimum, Math.ceil(highest * MARGIN * 10) / 10)), below: { since: now, highest: drawn } };
  return highest === below.highest ? usage : { cap, below: { since: below.since, highest } };
}
