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

/** On DC a current has no known power: it is drawn at the maximum voltage of the EVSE, and never above its maximum power. */
function inWatts(limit: number, unit: 'A' | 'W', { phases, voltage, dcVoltage, watts = Infinity }: Wires): number | null {
  if (unit === 'W') return limit;
  if (dcVoltage !== undefined) return Math.min(Math.floor(limit * dcVoltage), watts);
  return phases === undefined || voltage === undefined ? null : Math.floor(limit * phases * voltage);
}

/** Leaves out points that repeat the value before, and keeps the newest when there are too many. */
export const bounded = (points: readonly Point[]): Point[] => points.filter(([, value], n) => n === 0 || value !== points[n - 1]?.[1]).slice(-MOST_POINTS);

/**
 * The lines of measured and of estimated power. A measured value holds from its moment to the next sample, the last one of a running session
 * without an end; an estimated one is the average
 * since the sample before, so it stands there.
 */
export function meteredLines(metered: SeriesView['metered'], { from, to }: Span, isOver: boolean): { metered: Point[]; estimated: Point[] } {
  const moments = metered.map(({ at }) => Math.min(to, Math.max(from, Math.floor((dateTimeMillis(at) ?? 0) / 1000))));
  const spans = metered.flatMap(({ power, estimated }, n) => {
    const [before, at, after] = [moments[n - 1], moments[n] ?? to, moments[n + 1]];
    if (power === undefined) return [];
    const end = estimated || metered[n + 1]?.estimated ? at : (after ?? (isOver ? to : Infinity));
    return [{ from: estimated ? (lastWithPower(metered, n, moments) ?? before ?? at) : at, to: end, power, estimated: estimated === true }];
  });
  const line = (isEstimated: boolean): Point[] =>
    bounded(
      spans
        .filter((it) => it.estimated === isEstimated)
        .flatMap((it): Point[] => [
          [it.from, it.power],
          [it.to, null],
        ])
        .filter(([at, value], n, all) => Number.isFinite(at) && (value !== null || all[n + 1]?.[0] !== at)),
    );
  return { metered: line(false), estimated: line(true) };
}

/** Where the average of an estimate begins: at the last sample with a power, else at the first one. */
function lastWithPower(metered: SeriesView['metered'], n: number, moments: readonly number[]): number | undefined {
  const found = metered.slice(0, n).findLastIndex(({ power }) => power !== undefined);
  return moments[Math.max(0, found)];
}
