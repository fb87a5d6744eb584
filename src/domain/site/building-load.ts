import { amperes, type EpochSeconds, epochSeconds, watts } from '../units.ts';
import { type Capacity, type Ceiling, lowerOf, type PhaseLoad } from './ceiling.ts';

/** The meter of a building: what it measures takes a part of the limit of its node. */
export interface BuildingMeter {
  /** What the EVSEs may draw together while the meter is silent. */
  readonly fallback: Ceiling;
  /** A on each phase that are kept free above the measured load; smaller changes send nothing. */
  readonly margin: number;
  /** V, line to neutral. */
  readonly voltage: number;
}

/** One reading of a building without its EVSEs: A on R, S and T, W in total, or both. What the building feeds in counts as 0. */
export interface BuildingReading {
  readonly a?: readonly [number, number, number];
  readonly w?: number;
  readonly at: EpochSeconds;
}

/** What a building takes of the limit of its node. */
export interface BuildingLoad {
  readonly taken: PhaseLoad;
  /** When the last reading was made. */
  readonly at: EpochSeconds;
  /** From this moment on stations stay below the fallback of the meter, too. */
  readonly until: EpochSeconds;
  /** From this moment on the load does not count any more, and the fallback holds. */
  readonly staleAt: EpochSeconds;
  /** For R, S, T and the power: the reading has been clearly lower since a moment. */
  readonly lower: readonly (Lower | undefined)[];
}
interface Lower {
  readonly since: EpochSeconds;
  readonly highest: number;
}

/** A reading that is older than this counts for nothing, in s. */
export const STALE = 60;
/** The fallback begins this long before a reading is stale, in s: stations and cars need some time. */
const EARLY = 10;
/** Moments at which loads end are multiples of this, in s, so that few profiles differ. */
const GRAIN = 10;
/** How long a load must be clearly lower before the building takes less, in s. */
const HOLD = 60;
const PHASES = 3;

/**
 * What a building takes after a reading: the measured load and a margin. A load that comes within half of the margin counts at once; a
 * load that is lower by more than half of it counts after a minute. A reading before the last one changes nothing.
 */
export function readBuilding(before: BuildingLoad | undefined, reading: BuildingReading, { margin, voltage }: BuildingMeter): BuildingLoad {
  if (before && reading.at < before.at) return before;
  const known = before && before.until > reading.at ? before : undefined;
  const cells = loadsIn(reading, voltage).map((load, n) => {
    const counted = known && [...known.taken.a, known.taken.w][n];
    return updateCell(load, { counted, lower: known?.lower[n], margin: n < PHASES ? margin : margin * PHASES * voltage, now: reading.at });
  });
  const [r = 0, s = 0, t = 0, w = 0] = cells.map((it) => it.counted);
  const taken = { a: [amperes(r), amperes(s), amperes(t)], w: watts(w) } as const;
  return {
    taken,
    at: reading.at,
    until: validUntil(reading.at),
    staleAt: epochSeconds(Math.ceil((reading.at + STALE) / GRAIN) * GRAIN),
    lower: cells.map(({ lower }) => lower),
  };
}

/** Until when a reading counts: 40 to 50 s. */
export const validUntil = (at: EpochSeconds): EpochSeconds => epochSeconds(Math.floor((at + STALE - EARLY) / GRAIN) * GRAIN);

/** What is left while a reading is old but not stale: at most the fallback, and at most what the building left. */
export function leftWhileOld(capacity: Capacity & { taken: PhaseLoad }, { fallback }: BuildingMeter): Capacity {
  const { a, w, taken } = capacity;
  const isLower = taken.a.every((it) => a === Infinity || (fallback.a ?? a) <= a - it) && (w === Infinity || (fallback.w ?? w) <= w - taken.w);
  if (isLower) return lowerOf({ a, w }, fallback);
  const atLeast = (unit: number, limit: number, below = limit) => Math.max(unit, limit === Infinity ? 0 : limit - below);
  const [r, s, t] = taken.a.map((it) => amperes(atLeast(it, a, fallback.a)));
  return { a, w, taken: { a: [r ?? a, s ?? a, t ?? a], w: watts(atLeast(taken.w, w, fallback.w)) } };
}

/** A meter that tells only its power may have it on one phase: it counts in full on each. */
function loadsIn({ a, w }: BuildingReading, voltage: number): readonly number[] {
  const currents = a ?? Array.from({ length: PHASES }, () => (w ?? 0) / voltage);
  const power = w ?? currents.reduce((sum, it) => sum + it * voltage, 0);
  return [...currents, power].map((it) => Math.max(0, it));
}

interface Cell {
  readonly counted: number | undefined;
  readonly lower: Lower | undefined;
  readonly margin: number;
  readonly now: EpochSeconds;
}

function updateCell(load: number, { counted, lower, margin, now }: Cell): { counted: number; lower: Lower | undefined } {
  const withMargin = (it: number) => Math.ceil(Number(((it + margin) * 10).toPrecision(12))) / 10;
  if (counted === undefined || load + margin / 2 > counted) return { counted: withMargin(load), lower: undefined };
  if (load + margin * 1.5 >= counted) return { counted, lower: undefined };
  const { since, highest } = { since: lower?.since ?? now, highest: Math.max(lower?.highest ?? 0, load) };
  return now - since >= HOLD ? { counted: withMargin(highest), lower: undefined } : { counted, lower: { since, highest } };
}
