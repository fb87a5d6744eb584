import type { Evse } from '../domain/evse.ts';
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { convertProfile } from '../domain/profile/convert.ts';
import { mergePeriods } from '../domain/profile/merge-periods.ts';
import type { InstalledProfile } from '../domain/profile/stacked-profile.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { SetRequest, Ways } from './dialect.ts';
import type { Abilities } from './station.ts';

/** What OCPP 2.x can carry in one schedule; longer ones are not merged, as that takes long (CP-31). */
const MOST_PERIODS = 1024;

/** Our level in the station's stack: the one configured, or the highest that it has. */
export const stackLevelOf = ({ abilities, stackLevel }: Ways): number => Math.min(abilities.maxStackLevel, stackLevel);

/**
 * The TxProfile that carries a profile to a station, in a unit and a length that it takes, no limit above the one asked for; or why
 * that cannot be (ocpi-to-ocpp §3). On a single-phase EVSE the phase is named, in `namesPhase` of the units, where three would be assumed.
 */
export function txProfile({ profile, evse, profileId, transactionId }: SetRequest, ways: Ways, namesPhase: readonly RateUnit[]): Result<InstalledProfile> {
  const { minProfileId } = ways.abilities;
  if (profileId < minProfileId) return fail(`profile id ${profileId} is one of those below ${minProfileId} that the station keeps for itself`);
  const schedule = scheduleFor(profile, evse, { ways, namesPhase });
  if (!schedule.ok) return schedule;
  const kind = profile.start === undefined ? 'Relative' : 'Absolute';
  return ok({ id: profileId, transactionId, stackLevel: stackLevelOf(ways), purpose: 'tx', kind, schedule: schedule.value });
}

/** A schedule in a unit and a length that the station takes, and the phase named where it must be. */
export function scheduleFor(
  profile: ChargingProfile,
  evse: Evse,
  { ways, namesPhase }: { ways: Ways; namesPhase: readonly RateUnit[] },
): Result<ChargingProfile> {
  const shaped = shapeProfile(profile, evse, ways.abilities);
  if (!shaped.ok) return shaped;
  const schedule = shaped.value;
  return ok(evse.powerType === 'AC_1_PHASE' && namesPhase.includes(schedule.unit) ? onOnePhase(schedule) : schedule);
}

/** A profile as this station gets it: in a unit that it takes, without what is never executed, in as many periods as it takes. */
export function shapeProfile(profile: ChargingProfile, evse: Evse, abilities: Abilities): Result<ChargingProfile> {
  const allowed = inAllowedUnit(profile, evse, abilities);
  if (!allowed.ok) return allowed;
  const schedule = executed(allowed.value);
  const { length } = schedule.periods;
  if (length === 0) return fail('the profile has no period before its end');
  if (length > MOST_PERIODS) return fail(`${length} periods, and OCPP carries ${MOST_PERIODS} in one schedule`);
  return ok(mergePeriods(schedule, abilities.maxPeriods));
}

/** The unit asked for where the station takes it; a limit on DC keeps its unit, as amperes there say nothing of watts. */
function inAllowedUnit(profile: ChargingProfile, evse: Evse, { units }: Abilities): Result<ChargingProfile> {
  const [other] = units;
  if (other === undefined || units.includes(profile.unit)) return ok(profile);
  const converted = convertProfile(profile, other, evse);
  return converted.ok ? converted : fail(`the station takes ${other} only, and ${profile.unit} cannot be converted on EVSE ${evse.uid} (${evse.powerType})`);
}

/** What starts after the end is never executed, and some stations refuse a schedule that has it. */
function executed(profile: ChargingProfile): ChargingProfile {
  const { duration = Number.POSITIVE_INFINITY } = profile;
  const isExecuted = ({ start }: { start: number }) => start < duration;
  return profile.unit === 'W' ? { ...profile, periods: profile.periods.filter(isExecuted) } : { ...profile, periods: profile.periods.filter(isExecuted) };
}

const onOnePhase = (profile: ChargingProfile): ChargingProfile =>
  profile.unit === 'W'
    ? { ...profile, periods: profile.periods.map((period) => ({ ...period, numberPhases: 1 })) }
    : { ...profile, periods: profile.periods.map((period) => ({ ...period, numberPhases: 1 })) };
