import type { Evse } from '../domain/evse.ts';
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { convertProfile, floorTenth } from '../domain/profile/convert.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { SetRequest, Ways } from './dialect.ts';
import { printMoment } from './moment.ts';
import type { Abilities } from './station.ts';

interface WirePeriod {
  startPeriod: number;
  limit: number;
}

/** A schedule as every version of OCPP writes it, but for the names and places of its fields. */
export interface WireSchedule {
  unit: RateUnit;
  /** Absent: relative to the start of charging. */
  start?: string;
  duration?: number;
  minChargingRate?: number;
  periods: readonly WirePeriod[];
}

/** Our level in the station's stack: the one configured, or the highest that it has. */
export const stackLevelOf = ({ abilities, stackLevel }: Ways): number => Math.min(abilities.maxStackLevel, stackLevel);

/** Puts a profile in a unit and a length that the station takes, no limit above the one asked for; or says why that cannot be (mapping §3). */
export function toWireSchedule({ profile, evse, profileId }: Pick<SetRequest, 'profile' | 'evse' | 'profileId'>, abilities: Abilities): Result<WireSchedule> {
  if (profileId < abilities.minProfileId)
    return fail(`profile id ${profileId} is one of those below ${abilities.minProfileId} that the station keeps for itself`);
  const allowed = inAllowedUnit(profile, evse, abilities);
  if (!allowed.ok) return allowed;
  const { unit, start, duration, minChargingRate } = allowed.value;
  const periods = periodsOf(allowed.value);
  if (periods.length === 0) return fail('the profile has no period before its end');
  if (periods.length > abilities.maxPeriods) return fail(`${periods.length} periods, and the station takes ${abilities.maxPeriods} at most`);
  return ok({
    unit,
    ...(start === undefined ? {} : { start: printMoment(start) }),
    ...(duration === undefined ? {} : { duration }),
    ...(minChargingRate === undefined ? {} : { minChargingRate: floorTenth(minChargingRate) }),
    periods,
  });
}

/** The unit asked for where the station takes it; a limit on DC keeps its unit, as amperes there say nothing of watts. */
function inAllowedUnit(profile: ChargingProfile, evse: Evse, { units }: Abilities): Result<ChargingProfile> {
  const [other] = units;
  if (other === undefined || units.includes(profile.unit)) return ok(profile);
  const converted = convertProfile(profile, other, evse);
  return converted.ok ? converted : fail(`the station takes ${other} only, and ${profile.unit} cannot be converted on EVSE ${evse.uid} (${evse.powerType})`);
}

/** What starts after the end is never executed, and some stations refuse a schedule that has it. */
function periodsOf({ periods, duration = Number.POSITIVE_INFINITY }: { periods: ChargingProfile['periods']; duration?: number }): WirePeriod[] {
  return periods.filter(({ start }) => start < duration).map(({ start, limit }) => ({ startPeriod: start, limit: floorTenth(limit) }));
}
