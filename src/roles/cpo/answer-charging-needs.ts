import type { Evse } from '../../domain/evse.ts';
import type { ChargingProfile, LimitIn, RateUnit } from '../../domain/profile/charging-profile.ts';
import { amperesToWatts, evseMaximum, wattsToAmperes } from '../../domain/profile/convert.ts';
import { mergePeriods } from '../../domain/profile/merge-periods.ts';
import { strictest } from '../../domain/profile/strictest.ts';
import type { ChargingNeeds } from '../../domain/station.ts';
import { amperes, type EpochSeconds, seconds, watts } from '../../domain/units.ts';

/** What limits a car, beside itself. */
export interface Ceilings {
  evse: Evse;
  /** The profile of the session; absent: none is installed. */
  profile: ChargingProfile | undefined;
  /** What the site leaves to the EVSE, in any unit. */
  site: ChargingProfile | undefined;
  /** From here on, and relative profiles count from here. */
  from: EpochSeconds;
}

/**
 * The profile for a car that said what it can take: the session's own, what the site leaves, what the EVSE carries, and never more than
 * the car takes, in as many periods as it takes (OCPP 2.0.1 K15). Undefined when units meet that do not convert, as on DC.
 */
export function profileForNeeds(needs: ChargingNeeds, ceilings: Ceilings): ChargingProfile | undefined {
  const { evse, profile, site, from } = ceilings;
  const unit = profile?.unit ?? (evse.powerType === 'DC' ? 'W' : 'A');
  const own: ChargingProfile =
    unit === 'W'
      ? { unit, start: from, periods: [{ start: seconds(0), limit: mostWatts(evse, needs) }] }
      : { unit, start: from, periods: [{ start: seconds(0), limit: mostAmperes(evse, needs) }] };
  const all = [profile, site].filter((it) => it !== undefined);
  if (all.some((it) => it.unit !== unit)) return undefined;
  const lowest = strictest([own, ...all], { from, unlimited: maximumOf(evse) });
  return lowest && mergePeriods(lowest, needs.mostPeriods ?? Infinity);
}

const maximumOf = (evse: Evse): { [U in RateUnit]: LimitIn[U] } => ({ W: evseMaximum(evse, 'W'), A: evseMaximum(evse, 'A') });

/** On DC a current says nothing of power, so there only the power that the car names counts. */
function mostWatts(evse: Evse, { maxCurrent, maxPower }: ChargingNeeds): LimitIn['W'] {
  const byCurrent = maxCurrent === undefined ? undefined : amperesToWatts(maxCurrent, evse);
  return watts(Math.min(evseMaximum(evse, 'W'), maxPower ?? Infinity, byCurrent?.ok ? byCurrent.value : Infinity));
}

function mostAmperes(evse: Evse, { maxCurrent, maxPower }: ChargingNeeds): LimitIn['A'] {
  const byPower = maxPower === undefined ? undefined : wattsToAmperes(maxPower, evse);
  return amperes(Math.min(evseMaximum(evse, 'A'), maxCurrent ?? Infinity, byPower?.ok ? byPower.value : Infinity));
}
