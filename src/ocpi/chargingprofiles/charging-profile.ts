import { type Static, Type } from 'typebox';
import { EXACT, type Known, reading } from '../patience/schema.ts';
import { DateTime, oneOf } from '../scalars.ts';

/** Seven days in seconds: the upper limit of a profile's duration, a period's start and the duration of a GET (SEC-20). */
export const longestSpan = 604_800;
/** The upper limit of any charging limit, in W or A (SEC-20). */
export const highestLimit = 2_000_000;

/** ChargingProfilePeriod: from `start_period` seconds after the start of the profile on, the limit is `limit` W or A. */
export const ChargingProfilePeriod = Type.Object({
  start_period: Type.Integer({ minimum: 0, maximum: longestSpan, description: 's since the start of the profile' }),
  limit: Type.Number({ minimum: 0, maximum: highestLimit, description: 'W over all phases, or A on each phase: see charging_rate_unit' }),
});
type Periods = readonly Static<typeof ChargingProfilePeriod>[];

/** The index of the first wrong period: the first must start at 0, every other after the one before (CP-31). -1 when all are right. */
function wrongPeriod(periods: Periods): number {
  return periods.findIndex((period, at) => (at === 0 ? period.start_period !== 0 : period.start_period <= (periods[at - 1]?.start_period ?? 0)));
}

/** Periods whose `start_period` values begin at 0 and increase; an empty list is refused (CP-37). */
const ChargingProfilePeriods = Type.Refine(
  Type.Array(ChargingProfilePeriod, { minItems: 1 }),
  (periods) => wrongPeriod(periods) < 0,
  (periods) => {
    const at = wrongPeriod(periods);
    return `start_period values that begin at 0 and increase, but period [${at}] starts at ${periods[at]?.start_period}`;
  },
);

const profileFields = {
  start_date_time: Type.Optional(DateTime),
  duration: Type.Optional(Type.Integer({ minimum: 1, maximum: longestSpan, description: 's' })),
  charging_rate_unit: oneOf('W', 'A'),
  min_charging_rate: Type.Optional(Type.Number({ minimum: 0, maximum: highestLimit, description: 'W or A: see charging_rate_unit' })),
};

/** ChargingProfile: limits over time that an EVSE must not exceed, in W for all phases together or A for each phase (OCPI 2.2.1 §14.6.3). */
export const ChargingProfile = Type.Object({ ...profileFields, charging_profile_period: ChargingProfilePeriods }, EXACT);
/** A ChargingProfile as it is sent over OCPI. */
export type WireChargingProfile = Static<typeof ChargingProfile>;

/** The periods of a profile that is only told, not asked for: they may be none, and begin later than the profile. */
const ReportedPeriods = Type.Array(ChargingProfilePeriod, EXACT);
const ReportedProfile = Type.Object(
  { ...profileFields, charging_profile_period: ReportedPeriods },
  reading({ charging_profile_period: ({ found }: Known) => (found === undefined ? [] : undefined) }),
);
/** The start that some peers write inside the profile only. */
const innerStart = ({ siblings: { charging_profile: inner } }: Known): unknown =>
  typeof inner === 'object' && inner !== null && 'start_date_time' in inner ? inner.start_date_time : undefined;

/** ActiveChargingProfile: the limits that an EVSE has calculated from all its inputs, from `start_date_time` on (OCPI 2.2.1 §14.6.1). */
export const ActiveChargingProfile = Type.Object({ start_date_time: DateTime, charging_profile: ReportedProfile }, reading({ start_date_time: innerStart }));
/** An ActiveChargingProfile as it is sent over OCPI. */
export type WireActiveChargingProfile = Static<typeof ActiveChargingProfile>;

/** The timeout of an answer that names none, in seconds. */
const USUAL_TIMEOUT_S = 30;

/** The immediate answer to each request to the Receiver; `timeout` in seconds, also in a refusal (CP-05). */
export const ChargingProfileResponse = Type.Object(
  {
    result: oneOf('ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'),
    timeout: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  reading({ timeout: USUAL_TIMEOUT_S }),
);

// Some peers wrap the result in the envelope of an answer.
const alsoWrapped = { 'x-also-wrapped': true };
const resultType = () => oneOf('ACCEPTED', 'REJECTED', 'UNKNOWN');
/** ChargingProfileResult: the EVSE's result of a SetChargingProfile (OCPI 2.2.1 §14.5.3). */
export const ChargingProfileResult = Type.Object({ result: resultType() }, alsoWrapped);
/** ClearProfileResult: the EVSE's result of a ClearChargingProfile (OCPI 2.2.1 §14.5.4). */
export const ClearProfileResult = Type.Object({ result: resultType() }, alsoWrapped);
/** ActiveChargingProfileResult: the EVSE's result of a GetActiveChargingProfile, with the profile when ACCEPTED (CP-14). */
export const ActiveChargingProfileResult = Type.Object({ result: resultType(), profile: Type.Optional(ActiveChargingProfile) }, alsoWrapped);
