import type { ActiveChargingProfile as ActiveProfile, ChargingProfile as Profile } from '../../domain/profile/charging-profile.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { amperes, type EpochSeconds, type Seconds, seconds, watts } from '../../domain/units.ts';
import { dateTimeSeconds, printSeconds } from '../date-time.ts';
import { problemWith } from '../problem.ts';
import { ActiveChargingProfile, ChargingProfile, type WireActiveChargingProfile, type WireChargingProfile } from './charging-profile.ts';

/** Down to one decimal (CP-30); the small addend keeps 0.3, which is 0.29999999999999998 in binary, at 0.3. */
const toTenths = (limit: number) => Math.floor(limit * 10 + 1e-6) / 10;

/** A profile from the wire as the domain means it; its start in whole seconds, its limits down to 0.1. The problem names the field. */
export function readChargingProfile(wire: WireChargingProfile): Result<Profile> {
  const problem = problemWith(ChargingProfile, wire);
  if (problem !== undefined) return fail(problem);
  return ok(scheduleOf(wire));
}

function scheduleOf(wire: WireChargingProfile): Profile {
  const start = wire.start_date_time === undefined ? undefined : dateTimeSeconds(wire.start_date_time);
  const span = { ...(start !== undefined && { start }), ...(wire.duration !== undefined && { duration: seconds(wire.duration) }) };
  return wire.charging_rate_unit === 'W' ? { unit: 'W', ...span, ...limitsIn(wire, watts) } : { unit: 'A', ...span, ...limitsIn(wire, amperes) };
}

function limitsIn<L>(wire: WireChargingProfile, unit: (n: number) => L): { minChargingRate?: L; periods: { start: Seconds; limit: L }[] } {
  const periods = wire.charging_profile_period.map((it) => ({ start: seconds(it.start_period), limit: unit(toTenths(it.limit)) }));
  return wire.min_charging_rate === undefined ? { periods } : { minChargingRate: unit(toTenths(wire.min_charging_rate)), periods };
}

/** A profile as OCPI writes it. */
export function writeChargingProfile(profile: Profile): WireChargingProfile {
  return {
    ...(profile.start !== undefined && { start_date_time: printSeconds(profile.start) }),
    ...(profile.duration !== undefined && { duration: profile.duration }),
    charging_rate_unit: profile.unit,
    ...(profile.minChargingRate !== undefined && { min_charging_rate: toTenths(profile.minChargingRate) }),
    charging_profile_period: profile.periods.map((it) => ({ start_period: it.start, limit: toTenths(it.limit) })),
  };
}

/**
 * An active profile from the wire. Its own start wins over that of the profile inside; `asked` stands in for a missing
 * duration, since what was asked about is what is known.
 */
export function readActiveChargingProfile(wire: WireActiveChargingProfile, asked: Seconds): Result<ActiveProfile> {
  const problem = problemWith(ActiveChargingProfile, wire);
  if (problem !== undefined) return fail(problem);
  const start = dateTimeSeconds(wire.start_date_time);
  if (start === undefined) return fail('start_date_time: not a moment');
  const profile = scheduleOf(wire.charging_profile);
  return ok({ ...profile, start, duration: profile.duration ?? asked });
}

/** An active profile as OCPI writes it: the start stands outside, and inside too, for readers that look only there. */
export function writeActiveChargingProfile(active: ActiveProfile): WireActiveChargingProfile {
  const at: EpochSeconds = active.start;
  return { start_date_time: printSeconds(at), charging_profile: writeChargingProfile(active) };
}
