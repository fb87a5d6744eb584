import type { ActiveChargingProfile, ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { type Limit, scheduleOf } from '../../../domain/profile/schedule.ts';
import { type EpochSeconds, epochSeconds } from '../../../domain/units.ts';
import { dateTimeMillis } from '../../../ocpi/date-time.ts';
import type { SeriesView } from './schemas.ts';
import type { Wires } from './wires.ts';

const MOST_POINTS = 500;

/** A step of a line: epoch s, and W or null. */
type Point = SeriesView['lines']['active'][number];

/** The time that a line covers, and the supply that turns A into W. */
export interface Span {
  from: EpochSeconds;
  to: EpochSeconds;
  wires: Wires;
}

/** A profile, or none, in force from a moment until the next one. */
export interface ProfileInForce {
  from: EpochSeconds;
  profile: ActiveChargingProfile | ChargingProfile | undefined;
}

/** The line of profiles that replace each other. */
export function lineOf(profiles: readonly ProfileInForce[], { from: began, to: ends, wires }: Span): Point[] {
  const points: Point[] = [];
  for (const [n, { from, profile }] of profiles.entries()) {
    const to = epochSeconds(Math.min(ends, profiles[n + 1]?.from ?? ends));
    let at: number = from;
    for (const step of profile ? scheduleOf<Limit>(profile, began, { from, to }) : []) {
      if (step.from > at) points.push([at, null]);
      points.push([step.from, profile ? inWatts(step.limit, profile.unit, wires) : null]);
      at = step.to;
    }
    if (at < to) points.push([at, null]);
  }
  return bounded(points);
}

function inWatts(limit: number, unit: 'A' | 'W', { phases, voltage }: Wires): number | null {
  if (unit === 'W') return limit;
  return phases === undefined || voltage === undefined ? null : Math.floor(limit * phases * voltage);
}

/** Leaves out points that repeat the value before, and keeps the newest when there are too many. */
export const bounded = (points: readonly Point[]): Point[] => points.filter(([, value], n) => n === 0 || value !== points[n - 1]?.[1]).slice(-MOST_POINTS);

/** The line of measured power. The average power of a stretch stands at its beginning. */
export function measuredLine(metered: SeriesView['metered'], { to }: Span): Point[] {
  const moments = metered.map(({ at }) => Math.floor((dateTimeMillis(at) ?? 0) / 1000));
  const points = metered.flatMap(({ power }, n): Point[] => (power === undefined || n === 0 ? [] : [[moments[n - 1] ?? to, power]]));
  const last = moments.at(-1);
  return bounded(points.length === 0 || last === undefined ? points : [...points, [last, null]]);
}
