import { ok, type Result } from '../result.ts';
import type { LimitIn, RateUnit } from './charging-profile.ts';
import { type NotConvertible, profileIn, type Wires } from './convert.ts';
import { ALWAYS, clip, constant, type Limit, lowest, NO_LIMIT, over, raisedBy, type Schedule, type Span } from './schedule.ts';
import { type InstalledProfile, type ProfileWindow, type Purpose, profileSchedule, type StackedProfile } from './stacked-profile.ts';

/** The time span and the EVSE that profiles are composed for. */
export interface CompositionContext<L extends Limit> extends ProfileWindow {
  /** The maximum of the EVSE: it applies where no profile does and is never exceeded. */
  maximum: L;
  /** When priority charging is on; absent: whenever a priority profile has a period (OCPP 2.1 K21, K22). */
  priorityCharging?: Span;
}

/**
 * The composite schedule of an EVSE over a finite span, without gaps (OCPP 2.1 K08, OCPP 2.0.1 K08, OCPP 1.6 §3.13). Of two
 * profiles with equal purpose and stack level, the first in the list applies. Throws RangeError for an infinite span.
 */
export function compositeSchedule<L extends Limit>(profiles: readonly StackedProfile<L>[], situation: CompositionContext<L>): Schedule<L> {
  if (!Number.isFinite(situation.to - situation.from))
    throw new RangeError(`Found a span from ${situation.from} to ${situation.to}; allowed is a finite span.`);
  const stack = (purpose: Purpose) => stackUp(profiles, purpose, situation);
  const maximum = constant(situation.maximum, situation);

  const priority = clip(stack('priority'), situation.priorityCharging ?? ALWAYS);
  const wanted = over(priority, over(stack('tx'), stack('tx-default')));
  const allowed = [wanted, stack('max'), stack('external')].reduce(lowest, maximum);
  const generated = stack('local-generation');
  return generated.length === 0 ? allowed : lowest(raisedBy(allowed, generated), maximum);
}

/** The profiles of one purpose as one schedule: at each moment the highest stack level that has a period applies. */
export function stackUp<L extends Limit>(profiles: readonly StackedProfile<L>[], purpose: Purpose, window: ProfileWindow): Schedule<L> {
  return profiles
    .filter((profile) => profile.purpose === purpose)
    .sort((a, b) => b.stackLevel - a.stackLevel)
    .map((profile) => profileSchedule(profile, window))
    .reduce(over, NO_LIMIT);
}

/**
 * The composite schedule in one unit of profiles in W and in A: each limit is converted by its own number of phases first. Fails
 * on DC when a profile is in the other unit, because no conversion exists there.
 */
export function composeIn<U extends RateUnit>(
  unit: U,
  profiles: readonly InstalledProfile[],
  situation: CompositionContext<LimitIn[U]> & { wires: Wires },
): Result<Schedule<LimitIn[U]>, NotConvertible> {
  const converted: StackedProfile<LimitIn[U]>[] = [];
  for (const profile of profiles) {
    const schedule = profileIn(unit, profile.schedule, situation.wires);
    if (!schedule.ok) return schedule;
    converted.push({ ...profile, schedule: schedule.value });
  }
  return ok(compositeSchedule(converted, situation));
}
