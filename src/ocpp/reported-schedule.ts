import { activeProfile } from '../domain/profile/active-profile.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { reportedSchedule, type WireComposite } from '../domain/profile/read-composite.ts';
import type { EpochSeconds } from '../domain/units.ts';
import type { CompositeRequest, Ways } from './dialect.ts';
import type { StationAnswer } from './station.ts';

/** The unit to ask a composite schedule in, or none: some stations answer with nothing but -1 in a unit that they do not keep. */
export function wantedUnit(unit: RateUnit | undefined, { abilities }: Ways): { chargingRateUnit?: RateUnit } {
  return unit !== undefined && abilities.units.includes(unit) ? { chargingRateUnit: unit } : {};
}

/** The active profile that a station's schedule shows; an Accepted that shows none is of no use (ocpi-to-ocpp §5). */
export function answerComposite(said: WireComposite | undefined, { request, start }: { request: CompositeRequest; start: EpochSeconds }): StationAnswer {
  const profile = activeProfile(said && reportedSchedule(said, start), request);
  return profile.ok ? { is: 'ACCEPTED', activeProfile: profile.value } : { is: 'REJECTED', because: profile.problem };
}
