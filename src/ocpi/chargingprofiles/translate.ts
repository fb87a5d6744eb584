import type { ActiveChargingProfile as ActiveProfile, ChargingProfile as Profile } from '../../domain/profile/charging-profile.ts';
import { activeFromOcpi, activeToOcpi, fromOcpi, toOcpi } from '../../domain/profile/ocpi.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { Seconds } from '../../domain/units.ts';
import { problemWith } from '../problem.ts';
import { ActiveChargingProfile, ChargingProfile, type WireActiveChargingProfile, type WireChargingProfile } from './charging-profile.ts';

/** A profile from the wire as the domain means it, within the bounds of this door (SEC-20). The problem names the field. */
export function readChargingProfile(wire: WireChargingProfile): Result<Profile> {
  const problem = problemWith(ChargingProfile, wire);
  return problem === undefined ? fromOcpi(wire) : fail(problem);
}

/** A profile as OCPI writes it. */
export const writeChargingProfile = (profile: Profile): WireChargingProfile => toOcpi(profile);

/** An active profile from the wire, within the bounds of this door; `asked` stands in for a missing duration. */
export function readActiveChargingProfile(wire: WireActiveChargingProfile, asked: Seconds): Result<ActiveProfile> {
  const problem = problemWith(ActiveChargingProfile, wire);
  return problem === undefined ? activeFromOcpi(wire, asked) : fail(problem);
}

/** An active profile as OCPI writes it: the start stands outside, and inside too, for readers that look only there. */
export const writeActiveChargingProfile = (active: ActiveProfile): WireActiveChargingProfile => activeToOcpi(active);
