import type { ActiveChargingProfile as ActiveProfile, ChargingProfile as Profile } from '../../domain/profile/charging-profile.ts';
import { activeFromOcpi, activeToOcpi, fromOcpi, toOcpi } from '../../domain/profile/ocpi.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { Seconds } from '../../domain/units.ts';
import { problemWith } from '../problem.ts';
import { ActiveChargingProfile, ChargingProfile, type WireActiveChargingProfile, type WireChargingProfile } from './charging-profile.ts';

/** Reads a charging profile of OCPI as a domain profile; refuses values beyond the bounds of the schema (SEC-20), the problem names the field. */
export function readChargingProfile(wire: WireChargingProfile): Result<Profile> {
  const problem = problemWith(ChargingProfile, wire);
  return problem === undefined ? fromOcpi(wire) : fail(problem);
}

/** Writes a domain profile as a charging profile of OCPI. */
export const writeChargingProfile = (profile: Profile): WireChargingProfile => toOcpi(profile);

/** Reads an active profile of OCPI, within the same bounds; a missing duration is replaced by `requested` (seconds). */
export function readActiveChargingProfile(wire: WireActiveChargingProfile, requested: Seconds): Result<ActiveProfile> {
  const problem = problemWith(ActiveChargingProfile, wire);
  return problem === undefined ? activeFromOcpi(wire, requested) : fail(problem);
}

/** Writes an active profile of OCPI, with the start outside and inside the profile: some readers look only inside. */
export const writeActiveChargingProfile = (active: ActiveProfile): WireActiveChargingProfile => activeToOcpi(active);
