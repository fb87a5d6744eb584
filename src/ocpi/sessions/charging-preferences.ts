import { type Static, Type } from 'typebox';
import type { ChargingPreferences as Preferences } from '../../domain/preferences.ts';
import { wattHours } from '../../domain/units.ts';
import { dateTimeSeconds } from '../date-time.ts';
import { EXACT } from '../patience/schema.ts';
import { DateTime, oneOf } from '../scalars.ts';

/** ChargingPreferences: how a driver wants a session to charge; `energy_need` in kWh (OCPI 2.2.1 §9.3.2). */
export const ChargingPreferences = Type.Object(
  {
    profile_type: oneOf('CHEAP', 'FAST', 'GREEN', 'REGULAR'),
    departure_time: Type.Optional(DateTime),
    energy_need: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'kWh' })),
    discharge_allowed: Type.Optional(Type.Boolean()),
  },
  EXACT,
);
/** Charging preferences as they are sent over OCPI. */
export type WireChargingPreferences = Static<typeof ChargingPreferences>;

/** ChargingPreferencesResponse: the answer to charging preferences, a plain string (OCPI 2.2.1 §9.4.1). */
export const ChargingPreferencesResponse = oneOf('ACCEPTED', 'DEPARTURE_REQUIRED', 'ENERGY_NEED_REQUIRED', 'NOT_POSSIBLE', 'PROFILE_TYPE_NOT_SUPPORTED');

/** Reads charging preferences of OCPI as domain preferences: energy in Wh, and no discharging unless it is allowed explicitly (SES-51). */
export function readChargingPreferences({ profile_type, departure_time, energy_need, discharge_allowed }: WireChargingPreferences): Preferences {
  const departure = departure_time === undefined ? undefined : dateTimeSeconds(departure_time);
  return {
    profileType: profile_type,
    ...(departure !== undefined && { departure }),
    ...(energy_need !== undefined && { energyNeed: wattHours(energy_need * 1000) }),
    dischargeAllowed: discharge_allowed ?? false,
  };
}
