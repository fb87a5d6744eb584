import { activeProfile } from '../domain/profile/active-profile.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { reportedSchedule, type WireComposite } from '../domain/profile/read-composite.ts';
import type { EpochSeconds } from '../domain/units.ts';
import type { CompositeRequest, WriteContext } from './dialect.ts';
import type { StationAnswer } from './station.ts';

/** The unit for a GetCompositeSchedule, left out when the station does not take it: some stations then answer with -1 for every limit. */
export function requestedUnit(unit: RateUnit | undefined, { abilities }: WriteContext): { chargingRateUnit?: RateUnit } {
  return unit !== undefined && abilities.units.includes(unit) ? { chargingRateUnit: unit } : {};
}

/** Turns a station's composite schedule into the active profile; REJECTED when an accepted request brought no usable schedule (quirk empty-schedule). */
export function compositeAnswer(
  composite: WireComposite | undefined,
  { request, start, now }: { request: CompositeRequest; start: EpochSeconds; now: EpochSeconds },
): StationAnswer {
  const profile = activeProfile(composite && reportedSchedule(composite, start), { ...request, now });
  return profile.ok ? { is: 'ACCEPTED', activeProfile: profile.value } : { is: 'REJECTED', because: profile.problem };
}
