import type { ChargingProfile, Period } from './charging-profile.ts';
import type { Limit } from './schedule.ts';

/**
 * The profile in at most `most` periods, for a charge point that accepts no more. It merges neighbouring periods at the lower of
 * their limits, each time the pair that loses least energy, so no limit rises. Returns the same object when it is short enough.
 * Throws RangeError when `most` is below 1.
 */
export function mergePeriods(profile: ChargingProfile, most: number): ChargingProfile {
  if (!(most >= 1)) throw new RangeError(`Found ${most} as the maximum number of periods; allowed is a number from 1 on.`);
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
  const losses = periods.slice(1).map((_, i) => lost(i)); // losses[i]: the energy lost by merging period i and the next
  while (periods.length > most) {
    const i = indexOfLeast(losses);
    periods.splice(i, 2, ...mergePair(periods[i], periods[i + 1]));
    losses.splice(i, 1);
    if (i > 0) losses[i - 1] = lost(i - 1);
    if (i < losses.length) losses[i] = lost(i);
  }
  return periods;
}

/** The energy lost by merging period i and the next, in limit × seconds; Infinity when the lowered period never ends. */
function energyLost<L extends Limit>(periods: readonly Period<L>[], i: number, duration: number): number {
  const [one, next, after] = periods.slice(i, i + 3);
  if (!one || !next || one.limit === next.limit) return 0;
  return one.limit > next.limit ? (one.limit - next.limit) * (next.start - one.start) : (next.limit - one.limit) * ((after?.start ?? duration) - next.start);
}

function mergePair<L extends Limit>(one?: Period<L>, next?: Period<L>): Period<L>[] {
  if (!one || !next) return [];
  const numberPhases = Math.min(one.numberPhases ?? 3, next.numberPhases ?? 3);
  const limit = one.limit <= next.limit ? one.limit : next.limit;
  return [{ start: one.start, limit, ...((one.numberPhases ?? next.numberPhases) !== undefined && { numberPhases }) }];
}

function indexOfLeast(losses: readonly number[]): number {
  let least = 0;
  losses.forEach((loss, i) => {
    if (loss < (losses[least] ?? Infinity)) least = i;
  });
  return least;
}
