import { type Evse, phasesOf } from '../../domain/evse.ts';
import type { ActiveChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { amperesToWatts } from '../../domain/profile/convert.ts';
import { type Limit, scheduleOf } from '../../domain/profile/schedule.ts';
import { amperes, type EpochMillis, type EpochSeconds, epochSeconds, toSeconds } from '../../domain/units.ts';

/** A limit that holds at a charge point: W over all phases, or A on DC where no power is known; `since`: the earliest moment from which it surely holds. */
export interface LimitInForce {
  unit: RateUnit;
  limit: number;
  since: EpochSeconds;
}

/** What the last readings of a session said about its limit. Stored as JSON. `above`: they are above it since a moment; `measured` in the unit of the limit. */
export interface Judgement extends LimitInForce {
  above?: { since: EpochMillis; measured: number };
}

/** A reading of the meter: W, and A as the sum of all phases. */
export interface Measured {
  at: EpochMillis;
  power: number | undefined;
  current: number | undefined;
}

/** The time in s that a car has to follow a lower limit: IEC 61851-1 allows 5 s, and cars and meters of the field take longer. */
const REACTION = 30;
/** A meter may read 5 % too much, and 50 W or 0.5 A. */
const TOLERANCE = 1.05;
const SLACK = { W: 50, A: 0.5 } as const;
/** A reading that is older than this, or from a clock that is wrong by more, is not judged, in ms. */
const RECENT_MS = 120_000;

/** The limit at a moment: the lower one of the active profile and of the site (W). Undefined: none is known. */
export function limitInForce(
  evse: Evse,
  { active, siteWatts }: { active: ActiveChargingProfile | undefined; siteWatts: number | undefined },
  now: EpochMillis,
): LimitInForce | undefined {
  const at = toSeconds(now);
  const site = siteWatts === undefined ? undefined : { unit: 'W' as const, limit: siteWatts, since: at };
  const step = active && scheduleOf<Limit>(active, at).find(({ from, to }) => from <= at && at < to);
  if (!active || !step) return site;
  const since = epochSeconds(Math.max(step.from, active.start));
  const power = active.unit === 'W' ? Number(step.limit) : wattsOf(Number(step.limit), evse);
  if (power === undefined) return site ?? { unit: 'A', limit: Number(step.limit), since };
  return site && site.limit < power ? site : { unit: 'W', limit: power, since };
}

function wattsOf(limit: number, evse: Evse): number | undefined {
  const converted = amperesToWatts(amperes(limit), evse);
  return converted.ok ? converted.value : undefined;
}

/**
 * Judges a reading by the limit in force: it is above the limit only when the limit has held for the time that a car needs to react. A limit
 * that is read again, or raised, gives the car no new time. Undefined: no limit is known, so nothing can be above it.
 */
export function judgeMetered(
  before: Judgement | undefined,
  reading: Measured,
  { limit: found, evse, now }: { limit: LimitInForce | undefined; evse: Evse; now: EpochMillis },
): Judgement | undefined {
  if (!found) return undefined;
  const isLowered = before === undefined || before.unit !== found.unit || found.limit < before.limit;
  const next: LimitInForce = { ...found, since: isLowered ? found.since : before.since };
  const measured = measuredIn(found.unit, reading, evse);
  const isJudged = measured !== undefined && Math.abs(now - reading.at) <= RECENT_MS;
  if (!isJudged) return before?.above && !isLowered ? { ...next, above: before.above } : next;
  const isAbove = measured > found.limit * TOLERANCE + SLACK[found.unit] && toSeconds(reading.at) - next.since >= REACTION;
  return isAbove ? { ...next, above: { since: before?.above?.since ?? reading.at, measured: Math.round(measured * 10) / 10 } } : next;
}

function measuredIn(unit: RateUnit, { power, current }: Measured, { powerType, maxVoltage }: Evse): number | undefined {
  if (unit === 'A') return current;
  if (power !== undefined || current === undefined || powerType === 'DC') return power;
  return (current / phasesOf(powerType)) * maxVoltage * phasesOf(powerType);
}
