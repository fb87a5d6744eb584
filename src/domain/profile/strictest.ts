import { type EpochSeconds, epochSeconds, seconds } from '../units.ts';
import type { ChargingProfile, LimitIn } from './charging-profile.ts';
import { constant, type Limit, lowest, NO_LIMIT, over, periodsOf, type Schedule, scheduleOf, type Timed } from './schedule.ts';

/** The start and the default limits of a merged profile. */
export interface MergeBasis {
  /** The start of relative profiles and of the merged profile. */
  from: EpochSeconds;
  /** The limit where none of the profiles has one. */
  unlimited: LimitIn;
}

/**
 * One profile with the lowest limit of several at every moment. It ends at the end of the last of them. Returns the same object
 * for a single profile. Undefined when the units differ: convert the profiles first.
 */
export function strictest(profiles: readonly [ChargingProfile, ...ChargingProfile[]], { from, unlimited }: MergeBasis): ChargingProfile | undefined {
  const [first, ...others] = profiles;
  if (others.length === 0) return first;
  const inWatts = profiles.flatMap((it) => (it.unit === 'W' ? [it] : []));
  const inAmperes = profiles.flatMap((it) => (it.unit === 'A' ? [it] : []));
  if (inAmperes.length === 0) return { unit: 'W', ...lowestProfile(inWatts, { from, unlimited: unlimited.W }) };
  return inWatts.length === 0 ? { unit: 'A', ...lowestProfile(inAmperes, { from, unlimited: unlimited.A }) } : undefined;
}

function lowestProfile<L extends Limit>(
  profiles: readonly Timed<L>[],
  { from, unlimited }: { from: EpochSeconds; unlimited: L },
): Timed<L> & { start: EpochSeconds } {
  const to = epochSeconds(Math.max(...profiles.map(({ start, duration }) => (start ?? from) + (duration ?? Infinity))));
  const span = { from, to };
  const low = profiles.map((it) => scheduleOf(it, from, span)).reduce<Schedule<L>>(lowest, NO_LIMIT);
  const periods = periodsOf(over(low, constant(unlimited, span)), from);
  return { start: from, ...(Number.isFinite(to) && { duration: seconds(to - from) }), periods };
}
