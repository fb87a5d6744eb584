import type { Evse } from '../domain/evse.ts';
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { convertProfile } from '../domain/profile/convert.ts';
import { mergePeriods } from '../domain/profile/merge-periods.ts';
import type { InstalledProfile } from '../domain/profile/stacked-profile.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { SetRequest, WriteContext } from './dialect.ts';
import type { Abilities } from './station.ts';

/** The maximum of OCPP 2.x for one schedule. Longer profiles are refused, because merging them takes long (CP-31). */
const MAX_PERIODS = 1024;

/** Characters of a transaction id (OCPP 2.x). A longer one is taken from a station and never sent, because what the node sends fits its schema. */
const LONGEST_TRANSACTION_ID = 36;

/** The stack level of a profile of the node: that of its place, else the configured level, lowered to the station's maximum. */
export const stackLevelOf = ({ abilities, stackLevel }: WriteContext, { place }: Pick<SetRequest, 'place'>): number =>
  place?.stackLevel ?? Math.min(abilities.maxStackLevel, stackLevel);

/**
 * The TxProfile for a charging profile, in a unit and with as many periods as the station takes; no limit is above the requested one.
 * Fails with the reason when the station cannot take it. On a single-phase EVSE `numberPhases: 1` is written in the units listed in
 * `namesPhase`, because the station would otherwise assume three phases.
 */
export function txProfile(request: SetRequest, context: WriteContext, namesPhase: readonly RateUnit[]): Result<InstalledProfile> {
  const { profile, evse, transactionId } = request;
  const profileId = request.place?.id ?? request.profileId;
  const { minProfileId } = context.abilities;
  if (profileId < minProfileId) return fail(`profile id ${profileId} is below ${minProfileId}: the station reserves these ids for itself`);
  if (transactionId.length > LONGEST_TRANSACTION_ID)
    return fail(`the transaction id has ${transactionId.length} characters; allowed: ${LONGEST_TRANSACTION_ID}`);
  const schedule = scheduleFor(profile, evse, { context, namesPhase });
  if (!schedule.ok) return schedule;
  const kind = profile.start === undefined ? 'Relative' : 'Absolute';
  return ok({ id: profileId, transactionId, stackLevel: stackLevelOf(context, request), purpose: 'tx', kind, schedule: schedule.value });
}

/** A schedule in a unit and with as many periods as the station takes, with `numberPhases: 1` where needed; fails with the reason. */
export function scheduleFor(
  profile: ChargingProfile,
  evse: Evse,
  { context, namesPhase }: { context: WriteContext; namesPhase: readonly RateUnit[] },
): Result<ChargingProfile> {
  const shaped = shapeProfile(profile, evse, context.abilities);
  if (!shaped.ok) return shaped;
  const schedule = shaped.value;
  return ok(evse.powerType === 'AC_1_PHASE' && namesPhase.includes(schedule.unit) ? onOnePhase(schedule) : schedule);
}

/** Fits a profile to a station: converts its unit, drops periods after its end, merges periods down to the station's maximum; fails with the reason. */
export function shapeProfile(profile: ChargingProfile, evse: Evse, abilities: Abilities): Result<ChargingProfile> {
  const allowed = inAllowedUnit(profile, evse, abilities);
  if (!allowed.ok) return allowed;
  const schedule = withoutUnexecuted(allowed.value);
  const { length } = schedule.periods;
  if (length === 0) return fail('the profile has no period before its end');
  if (length > MAX_PERIODS) return fail(`${length} periods, and OCPP carries ${MAX_PERIODS} in one schedule`);
  return ok(mergePeriods(schedule, abilities.maxPeriods)); // quirk few-periods
}

/** Quirk unit-not-taken: keeps the unit if the station takes it, else converts it. On DC this fails, because the voltage depends on the car. */
function inAllowedUnit(profile: ChargingProfile, evse: Evse, { units }: Abilities): Result<ChargingProfile> {
  const [other] = units;
  if (other === undefined || units.includes(profile.unit)) return ok(profile);
  const converted = convertProfile(profile, other, evse);
  return converted.ok ? converted : fail(`the station takes ${other} only, and ${profile.unit} cannot be converted on EVSE ${evse.uid} (${evse.powerType})`);
}

/** Drops periods that start after the end of the profile: they are never executed, and some stations refuse a schedule that has them. */
function withoutUnexecuted(profile: ChargingProfile): ChargingProfile {
  const { duration = Number.POSITIVE_INFINITY } = profile;
  const isExecuted = ({ start }: { start: number }) => start < duration;
  return profile.unit === 'W' ? { ...profile, periods: profile.periods.filter(isExecuted) } : { ...profile, periods: profile.periods.filter(isExecuted) };
}

const onOnePhase = (profile: ChargingProfile): ChargingProfile =>
  profile.unit === 'W'
    ? { ...profile, periods: profile.periods.map((period) => ({ ...period, numberPhases: 1 })) }
    : { ...profile, periods: profile.periods.map((period) => ({ ...period, numberPhases: 1 })) };
