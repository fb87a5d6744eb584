import { ok, type Result } from '../result.ts';
import type { LimitIn, RateUnit } from './charging-profile.ts';
import { type NotConvertible, profileIn, type Wires } from './convert.ts';
import { ALWAYS, clip, constant, type Limit, lowest, NO_LIMIT, over, raisedBy, type Schedule, type Span } from './schedule.ts';
import { type InstalledProfile, type ProfileWindow, type Purpose, profileSchedule, type StackedProfile } from './stacked-profile.ts';

/** The moment and the place that profiles are composed for. */
export interface CompositionContext<L extends Limit> extends ProfileWindow {
  /** What the EVSE can carry: holds where no profile does, and is never passed. */
  maximum: L;
  /** When priority charging is switched on; absent: whenever a profile for it has a period (OCPP 2.1 K21, K22). */
  priorityCharging?: Span;
}

/**
 * What an EVSE stays below over a finite span, all its profiles counted (OCPP 2.1 K08, OCPP 2.0.1 K08, OCPP 1.6 §3.13). No gaps.
 * Of equal stack levels the first in the list wins.
 */
export function compositeSchedule<L extends Limit>(profiles: readonly StackedProfile<L>[], situation: CompositionContext<L>): Schedule<L> {
  if (!Number.isFinite(situation.to - situation.from))
    throw new RangeError(`Found a span from ${situation.from} to ${situation.to}; compose over a finite one.`);
  const stack = (purpose: Purpose) => stackUp(profiles, purpose, situation);
  const maximum = constant(situation.maximum, situation);

  const prioritised = clip(stack('priority'), situation.priorityCharging ?? ALWAYS);
  const wanted = over(prioritised, over(stack('tx'), stack('tx-default')));
  const allowed = [wanted, stack('max'), stack('external')].reduce(lowest, maximum);
  const generated = stack('local-generation');
  return generated.length === 0 ? allowed : lowest(raisedBy(allowed, generated), maximum);
}

/** The profiles of one purpose as one: at each moment the highest stack level that has a period then. */
function stackUp<L extends Limit>(profiles: readonly StackedProfile<L>[], purpose: Purpose, sight: ProfileWindow): Schedule<L> {
  return profiles
    .filter((profile) => profile.purpose === purpose)
    .sort((a, b) => b.stackLevel - a.stackLevel)
    .map((profile) => profileSchedule(profile, sight))
    .reduce(over, NO_LIMIT);
}

/**
 * As `compositeSchedule`, for profiles in W and in A at once: every limit is converted by the phases that it names, then the lowest
 * counts. On DC nothing converts, so there profiles in the other unit make it fail.
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
