import type { ChargingProfile, Period } from './charging-profile.ts';
import type { Limit } from './schedule.ts';

/**
 * The same profile in at most so many periods, for a charge point that takes no more. Neighbours become one at the lower of their
 * limits, time and again those that lose least energy by it: so it is never above what it was. The very same value when it is short enough.
 */
export function mergePeriods(profile: ChargingProfile, most: number): ChargingProfile {
  if (!(most >= 1)) throw new RangeError(`Found ${most} as the most periods; a profile has at least 1.`);
  if (profile.periods.length <= most) return profile;
  switch (profile.unit) {
    case 'W':
      return { ...profile, periods: merged(profile.periods, most, profile.duration) };
    case 'A':
      return { ...profile, periods: merged(profile.periods, most, profile.duration) };
    default:
      return profile satisfies never;
  }
}

function merged<L extends Limit>(given: readonly Period<L>[], most: number, duration = Infinity): Period<L>[] {
  const periods = given.filter(({ start }) => start < duration);
  const lost = (i: number) => energyLost(periods, i, duration);
  const losses = periods.slice(1).map((_, i) => lost(i)); // losses[i]: what period i and the next lose as one
  while (periods.length > most) {
    const i = leastOf(losses);
    periods.splice(i, 2, ...asOne(periods[i], periods[i + 1]));
    losses.splice(i, 1);
    if (i > 0) losses[i - 1] = lost(i - 1);
    if (i < losses.length) losses[i] = lost(i);
  }
  return periods;
}

/** In units of the limit times seconds; without end where an endless period is lowered. */
function energyLost<L extends Limit>(periods: readonly Period<L>[], i: number, duration: number): number {
  const [one, next, after] = periods.slice(i, i + 3);
  if (!one || !next || one.limit === next.limit) return 0;
  return one.limit > next.limit ? (one.limit - next.limit) * (next.start - one.start) : (next.limit - one.limit) * ((after?.start ?? duration) - next.start);
}

function asOne<L extends Limit>(one?: Period<L>, next?: Period<L>): Period<L>[] {
  if (!one || !next) return [];
  const numberPhases = Math.min(one.numberPhases ?? 3, next.numberPhases ?? 3);
  const limit = one.limit <= next.limit ? one.limit : next.limit;
  return [{ start: one.start, limit, ...((one.numberPhases ?? next.numberPhases) !== undefined && { numberPhases }) }];
}

function leastOf(losses: readonly number[]): number {
  let least = 0;
  losses.forEach((loss, i) => {
    if (loss < (losses[least] ?? Infinity)) least = i;
  });
  return least;
}
