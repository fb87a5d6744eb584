import type { Evse } from '../../domain/evse.ts';
import type { ActiveChargingProfile, ChargingProfile, LimitIn, RateUnit } from '../../domain/profile/charging-profile.ts';
import { composeIn } from '../../domain/profile/compose.ts';
import { evseMaximum } from '../../domain/profile/convert.ts';
import { periodsOf, type Schedule } from '../../domain/profile/schedule.ts';
import type { InstalledProfile, Purpose } from '../../domain/profile/stacked-profile.ts';
import { type EpochSeconds, epochSeconds, type Seconds } from '../../domain/units.ts';

/** All that this node knows of what limits an EVSE during a session. */
export interface KnownLimits {
  evse: Evse;
  /** The profile of the session as it was sent; absent: none is installed. */
  profile: ChargingProfile | undefined;
  /** What the site leaves to the EVSE; absent: nothing is known of a site. */
  site: ChargingProfile | undefined;
  /** Relative profiles count from here. */
  chargingStarted: EpochSeconds;
}

/** When the computed profile begins, and how far it looks. */
export interface Horizon {
  start: EpochSeconds;
  duration: Seconds;
}

/** A limit is told in the unit that it was set in; on DC amperes mean nothing. */
const unitOf = ({ evse, profile }: KnownLimits): RateUnit => profile?.unit ?? (evse.powerType === 'DC' ? 'W' : 'A');

/**
 * What a charge point that does as it was told stays below: the session's profile, what its site leaves it, what its wires carry.
 * Undefined when profiles in amperes and in watts meet on DC, where nothing converts.
 */
export function computeActive(inputs: KnownLimits, { start, duration }: Horizon): ActiveChargingProfile | undefined {
  switch (unitOf(inputs)) {
    case 'W': {
      const schedule = composed('W', inputs, { start, duration });
      return schedule && { unit: 'W', start, duration, periods: periodsOf(schedule, start) };
    }
    case 'A': {
      const schedule = composed('A', inputs, { start, duration });
      return schedule && { unit: 'A', start, duration, periods: periodsOf(schedule, start) };
    }
  }
}

function composed<U extends RateUnit>(unit: U, inputs: KnownLimits, { start, duration }: Horizon): Schedule<LimitIn[U]> | undefined {
  const { evse, profile, site, chargingStarted } = inputs;
  const stack = [...(profile ? [stacked('tx', profile)] : []), ...(site ? [stacked('max', site)] : [])];
  const made = composeIn(unit, stack, {
    from: start,
    to: epochSeconds(start + duration),
    chargingStarted,
    maximum: evseMaximum(evse, unit),
    wires: evse,
  });
  return made.ok ? made.value : undefined;
}

const stacked = (purpose: Purpose, schedule: ChargingProfile): InstalledProfile => ({
  id: 1,
  stackLevel: 1,
  purpose,
  kind: schedule.start === undefined ? 'Relative' : 'Absolute',
  schedule,
});
