import type { Evse } from '../../domain/evse.ts';
import type { ChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { type Amperes, amperes, type EpochSeconds, seconds, type Watts } from '../../domain/units.ts';

/** What a site lets an EVSE draw: A on each of its phases, which is W over all of them. */
export interface EvseLimit {
  current: Amperes;
  power: Watts;
  since: EpochSeconds;
}

/** A limit as a profile without an end. On DC amperes are those of the car: no battery makes more power of them than at the highest voltage. */
export function limitAsProfile({ current, power, since: start }: EvseLimit, unit: RateUnit, { powerType, maxVoltage }: Evse): ChargingProfile {
  const begin = seconds(0);
  if (unit === 'W') return { unit, start, periods: [{ start: begin, limit: power }] };
  const limit = powerType === 'DC' ? amperes(Math.floor((power / maxVoltage) * 10) / 10) : current;
  return { unit, start, periods: [{ start: begin, limit }] };
}

/** The unit that an EVSE is limited in where nobody asks for another. */
export const unitOf = ({ powerType }: Evse): RateUnit => (powerType === 'DC' ? 'W' : 'A');
