import type { Evse } from '../../domain/evse.ts';
import { announcedProfile, type ReportedSchedule } from '../../domain/profile/active-profile.ts';
import type { ActiveChargingProfile, ChargingProfile, LimitIn, RateUnit } from '../../domain/profile/charging-profile.ts';
import { composeIn } from '../../domain/profile/compose.ts';
import { evseMaximum } from '../../domain/profile/convert.ts';
import { lowest, periodsOf, type Schedule } from '../../domain/profile/schedule.ts';
import type { InstalledProfile, Purpose } from '../../domain/profile/stacked-profile.ts';
import { type EpochSeconds, epochSeconds, type Seconds } from '../../domain/units.ts';

/** The limits of an EVSE during a session that this node knows. */
export interface KnownLimits {
  evse: Evse;
  /** The profile of the session as sent; undefined: none is installed. */
  profile: ChargingProfile | undefined;
  /** The limits of the site for the EVSE; undefined: the EVSE is at no site. */
  site: ChargingProfile | undefined;
  /** Limits of others that the charge point announced (F-62); absent: none. */
  announced?: readonly ReportedSchedule[] | undefined;
  /** The start of relative profiles. */
  chargingStarted: EpochSeconds;
}

/** The start and the duration of the computed profile. */
export interface Horizon {
  start: EpochSeconds;
  duration: Seconds;
}

/** The unit of the session's profile; without one A, on DC W, because amperes do not convert there. */
const unitOf = ({ evse, profile }: KnownLimits): RateUnit => profile?.unit ?? (evse.powerType === 'DC' ? 'W' : 'A');

/**
 * The active profile of a charge point that applies all its limits: the session's profile, the site's limits, limits that it announced
 * and the maximum of the EVSE. Undefined for profiles in A and in W on DC, where they do not convert.
 */
export function computeActive(limits: KnownLimits, { start, duration }: Horizon): ActiveChargingProfile | undefined {
  switch (unitOf(limits)) {
    case 'W': {
      const schedule = compose('W', limits, { start, duration });
      return schedule && { unit: 'W', start, duration, periods: periodsOf(schedule, start) };
    }
    case 'A': {
      const schedule = compose('A', limits, { start, duration });
      return schedule && { unit: 'A', start, duration, periods: periodsOf(schedule, start) };
    }
  }
}

function compose<U extends RateUnit>(unit: U, limits: KnownLimits, { start, duration }: Horizon): Schedule<LimitIn[U]> | undefined {
  const { evse, profile, site, announced = [], chargingStarted } = limits;
  const stack = [...(profile ? [stacked('tx', profile)] : []), ...(site ? [stacked('max', site)] : [])];
  const external = announced.map((it) => stacked('external', announcedProfile(evse, it)));
  const span = { from: start, to: epochSeconds(start + duration) };
  // Of several profiles with one purpose only one would count; of several announced limits the lowest counts.
  const composed = [stack, ...external.map((it) => [it])].map((it) =>
    composeIn(unit, it, { ...span, chargingStarted, maximum: evseMaximum(evse, unit), wires: evse }),
  );
  const schedules = composed.flatMap((it) => (it.ok ? [it.value] : []));
  return schedules.length < composed.length ? undefined : schedules.reduce(lowest);
}

/** Without a start, also an absolute profile begins at the start of charging. */
const stacked = (purpose: Purpose, schedule: ChargingProfile): InstalledProfile => ({ id: 1, stackLevel: 1, purpose, kind: 'Absolute', schedule });
