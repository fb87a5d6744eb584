import type { ChargingProfile } from '../profile/charging-profile.ts';
import { floorTenth } from '../profile/convert.ts';
import { combine, NO_LIMIT, type Schedule, scheduleOf } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds } from '../units.ts';
import { type SiteEvse, wattsPerAmpere } from './limit-tree.ts';

/**
 * What a profile lets an EVSE draw on each phase of the grid, down to 0.1 A. A current on DC is the car's, not the grid's: it
 * counts at the highest voltage of the EVSE, so that this share is never what keeps a car below its profile; the station does.
 */
export function profileOnGrid(profile: ChargingProfile, chargingStarted: EpochSeconds, at: SiteEvse): Schedule<Amperes> {
  const perWatt = (power: number) => amperes(floorTenth(Number((power / wattsPerAmpere(at)).toPrecision(12))));
  if (profile.unit === 'W') return inAmperes(scheduleOf(profile, chargingStarted), perWatt);
  const onGrid = (current: number) => (at.evse.powerType === 'DC' ? perWatt(current * at.evse.maxVoltage) : amperes(floorTenth(current)));
  return inAmperes(scheduleOf(profile, chargingStarted), onGrid);
}

const inAmperes = <L>(schedule: Schedule<L>, convert: (limit: L) => Amperes): Schedule<Amperes> =>
  combine(schedule, NO_LIMIT, (limit) => (limit === undefined ? undefined : convert(limit)));
