import type { EpochSeconds, WattHours } from './units.ts';

/** What matters to a driver (OCPI ProfileType, OCPI 2.2.1 §9.4.2). */
export type ProfileType = 'CHEAP' | 'FAST' | 'GREEN' | 'REGULAR';

/** How a driver wants one session to charge (OCPI ChargingPreferences, OCPI 2.2.1 §9.3.2). */
export interface ChargingPreferences {
  profileType: ProfileType;
  /** When the driver means to leave. */
  departure?: EpochSeconds;
  /** What the session should have brought by then, since its start. */
  energyNeed?: WattHours;
  /** Nobody is taken to allow it who did not say so (SES-51). */
  dischargeAllowed: boolean;
}

/** Whether a session in this status takes preferences: one that is under way does (SES-56). */
export const takesPreferences = (status: string): boolean => status === 'ACTIVE' || status === 'PENDING';

/** What became of preferences (OCPI ChargingPreferencesResponse, OCPI 2.2.1 §9.4.1). */
export type PreferencesAnswer = 'ACCEPTED' | 'DEPARTURE_REQUIRED' | 'ENERGY_NEED_REQUIRED' | 'NOT_POSSIBLE' | 'PROFILE_TYPE_NOT_SUPPORTED';
