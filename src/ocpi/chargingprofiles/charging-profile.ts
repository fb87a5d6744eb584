import { type Static, Type } from 'typebox';
import { DateTime, oneOf } from '../scalars.ts';

/** Seven days, the longest span that a profile, a period's start or a question may have (SEC-20). */
export const longestSpan = 604_800;
/** The highest limit, in W or A (SEC-20). */
export const highestLimit = 2_000_000;

export const ChargingProfilePeriod = Type.Object({
  start_period: Type.Integer({ minimum: 0, maximum: longestSpan }),
  limit: Type.Number({ minimum: 0, maximum: highestLimit }),
});
type Periods = readonly Static<typeof ChargingProfilePeriod>[];

/** The first period that does not start where it must: the first at 0, each other one after the one before (CP-31). */
function misplaced(periods: Periods): number {
  return periods.findIndex((period, at) => (at === 0 ? period.start_period !== 0 : period.start_period <= (periods[at - 1]?.start_period ?? 0)));
}

/** `start_period` values that begin at 0 and grow; a list without entries says nothing and is refused (CP-37). */
const ChargingProfilePeriods = Type.Refine(
  Type.Array(ChargingProfilePeriod, { minItems: 1 }),
  (periods) => misplaced(periods) < 0,
  (periods) => {
    const at = misplaced(periods);
    return `start_period values that begin at 0 and grow with each period, but number ${at} is ${periods[at]?.start_period}`;
  },
);

/** What a Sender asks an EVSE to stay below: limits in steps, in W in all or A per phase (OCPI 2.2.1 §14.6.3). */
export const ChargingProfile = Type.Object({
  start_date_time: Type.Optional(DateTime),
  duration: Type.Optional(Type.Integer({ minimum: 1, maximum: longestSpan })),
  charging_rate_unit: oneOf('W', 'A'),
  min_charging_rate: Type.Optional(Type.Number({ minimum: 0, maximum: highestLimit })),
  charging_profile_period: ChargingProfilePeriods,
});
export type WireChargingProfile = Static<typeof ChargingProfile>;

/** What an EVSE will stay below from `start_date_time` on, all its inputs counted (OCPI 2.2.1 §14.6.1). */
export const ActiveChargingProfile = Type.Object({ start_date_time: DateTime, charging_profile: ChargingProfile });
export type WireActiveChargingProfile = Static<typeof ActiveChargingProfile>;

/** The synchronous answer to each request to the Receiver; `timeout` in seconds, present in refusals too (CP-05). */
export const ChargingProfileResponse = Type.Object({
  result: oneOf('ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'),
  timeout: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
});

// Some partners wrap the result in the envelope of an answer
const alsoWrapped = { 'x-also-wrapped': true };
const resultType = () => oneOf('ACCEPTED', 'REJECTED', 'UNKNOWN');
/** What the EVSE made of a SetChargingProfile (OCPI 2.2.1 §14.5.3). */
export const ChargingProfileResult = Type.Object({ result: resultType() }, alsoWrapped);
/** What the EVSE made of a ClearChargingProfile (OCPI 2.2.1 §14.5.4). */
export const ClearProfileResult = Type.Object({ result: resultType() }, alsoWrapped);
/** What the EVSE made of a GetActiveChargingProfile; the profile comes with ACCEPTED (CP-14). */
export const ActiveChargingProfileResult = Type.Object({ result: resultType(), profile: Type.Optional(ActiveChargingProfile) }, alsoWrapped);
