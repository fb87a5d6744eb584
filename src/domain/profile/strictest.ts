import { type EpochSeconds, epochSeconds, seconds } from '../units.ts';
import type { ChargingProfile, LimitIn } from './charging-profile.ts';
import { constant, type Limit, lowest, NO_LIMIT, over, periodsOf, type Schedule, scheduleOf, type Timed } from './schedule.ts';

/** Where several profiles meet. */
export interface MergeBasis {
  /** Relative profiles count from here, and what comes of them begins here. */
  from: EpochSeconds;
  /** What is said where none of them says anything: nothing there stands above it. */
  unlimited: LimitIn;
}

/**
 * One profile that stays below each of several at every moment, and ends where the last of them ends; the very same value when
 * there is only one. Undefined when their units differ: convert them before.
 */
export function strictest(profiles: readonly [ChargingProfile, ...ChargingProfile[]], { from, unlimited }: MergeBasis): ChargingProfile | undefined {
  const [first, ...others] = profiles;
  if (others.length === 0) return first;
  const inWatts = profiles.flatMap((it) => (it.unit === 'W' ? [it] : []));
  const inAmperes = profiles.flatMap((it) => (it.unit === 'A' ? [it] : []));
  if (inAmperes.length === 0) return { unit: 'W', ...meet(inWatts, { from, unlimited: unlimited.W }) };
  return inWatts.length === 0 ? { unit: 'A', ...meet(inAmperes, { from, unlimited: unlimited.A }) } : undefined;
}

function meet<L extends Limit>(profiles: readonly Timed<L>[], { from, unlimited }: { from: EpochSeconds; unlimited: L }): Timed<L> & { start: EpochSeconds } {
  const to = epochSeconds(Math.max(...profiles.map(({ start, duration }) => (start ?? from) + (duration ?? Infinity))));
  const span = { from, to };
  const low = profiles.map((it) => scheduleOf(it, from, span)).reduce<Schedule<L>>(lowest, NO_LIMIT);
  const periods = periodsOf(over(low, constant(unlimited, span)), from);
  return { start: from, ...(Number.isFinite(to) && { duration: seconds(to - from) }), periods };
}
