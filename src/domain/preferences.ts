import type { EpochSeconds, WattHours } from './units.ts';

/** The driver's priority (OCPI ProfileType, OCPI 2.2.1 §9.4.2). */
export type ProfileType = 'CHEAP' | 'FAST' | 'GREEN' | 'REGULAR';

/** The driver's charging preferences for one session (OCPI ChargingPreferences, OCPI 2.2.1 §9.3.2). */
export interface ChargingPreferences {
  profileType: ProfileType;
  /** When the driver expects to leave. */
  departure?: EpochSeconds;
  /** Energy that the session must have delivered by the departure, counted from its start. */
  energyNeed?: WattHours;
  /** False when the driver did not say (SES-51). */
  dischargeAllowed: boolean;
}

/** Whether a session in this status accepts charging preferences (SES-56). */
export const takesPreferences = (status: string): boolean => status === 'ACTIVE' || status === 'PENDING';

/** The answer to charging preferences (OCPI ChargingPreferencesResponse, OCPI 2.2.1 §9.4.1). */
export type PreferencesAnswer = 'ACCEPTED' | 'DEPARTURE_REQUIRED' | 'ENERGY_NEED_REQUIRED' | 'NOT_POSSIBLE' | 'PROFILE_TYPE_NOT_SUPPORTED';
