import type { Evse } from '../../domain/evse.ts';
import type { ChargingProfile, LimitIn, RateUnit } from '../../domain/profile/charging-profile.ts';
import { amperesToWatts, evseMaximum, wattsToAmperes } from '../../domain/profile/convert.ts';
import { mergePeriods } from '../../domain/profile/merge-periods.ts';
import { strictest } from '../../domain/profile/strictest.ts';
import type { ChargingNeeds } from '../../domain/station.ts';
import { amperes, type EpochSeconds, seconds, watts } from '../../domain/units.ts';

/** The limits for a car in addition to its own. */
export interface Ceilings {
  evse: Evse;
  /** The profile of the session; undefined: none is installed. */
  profile: ChargingProfile | undefined;
  /** The limits of the site for the EVSE, in the unit of `profile`; without a profile in A, on DC in W. */
  site: ChargingProfile | undefined;
  /** The start of the result and of relative profiles. */
  from: EpochSeconds;
}

/**
 * The profile for a car that sent its charging needs: the lowest of the session's profile, the site's limits, the maximum of the EVSE
 * and the maximum of the car, in at most `needs.mostPeriods` periods (OCPP 2.0.1 K15). Undefined when a profile has another unit.
 */
export function profileForNeeds(needs: ChargingNeeds, ceilings: Ceilings): ChargingProfile | undefined {
  const { evse, profile, site, from } = ceilings;
  const unit = profile?.unit ?? (evse.powerType === 'DC' ? 'W' : 'A');
  const own: ChargingProfile =
    unit === 'W'
      ? { unit, start: from, periods: [{ start: seconds(0), limit: mostWatts(evse, needs) }] }
      : { unit, start: from, periods: [{ start: seconds(0), limit: mostAmperes(evse, needs) }] };
  const all = [profile, site].filter((it) => it !== undefined);
  const lowest = strictest([own, ...all], { from, unlimited: maximumOf(evse) });
  return lowest && mergePeriods(lowest, needs.mostPeriods ?? Infinity);
}

const maximumOf = (evse: Evse): { [U in RateUnit]: LimitIn[U] } => ({ W: evseMaximum(evse, 'W'), A: evseMaximum(evse, 'A') });

/** On DC a current has no known power, so only `maxPower` counts there. */
function mostWatts(evse: Evse, { maxCurrent, maxPower }: ChargingNeeds): LimitIn['W'] {
  const byCurrent = maxCurrent === undefined ? undefined : amperesToWatts(maxCurrent, evse);
  return watts(Math.min(evseMaximum(evse, 'W'), maxPower ?? Infinity, byCurrent?.ok ? byCurrent.value : Infinity));
}

function mostAmperes(evse: Evse, { maxCurrent, maxPower }: ChargingNeeds): LimitIn['A'] {
  const byPower = maxPower === undefined ? undefined : wattsToAmperes(maxPower, evse);
  return amperes(Math.min(evseMaximum(evse, 'A'), maxCurrent ?? Infinity, byPower?.ok ? byPower.value : Infinity));
}
