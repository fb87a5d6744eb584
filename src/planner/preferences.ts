import type { ChargingPreferences, PreferencesAnswer } from '../domain/preferences.ts';
import type { EpochSeconds } from '../domain/units.ts';

/** The data that are available for planning. */
export interface PlanningData {
  now: EpochSeconds;
  /** Prices are known. */
  prices: boolean;
  /** The carbon intensity over time is known. */
  carbon: boolean;
}

/**
 * The answer to charging preferences: ACCEPTED only when the plan follows them (SES-52). `dischargeAllowed` never changes the
 * answer, because nothing is planned with it.
 */
export function answerPreferences({ profileType, departure, energyNeed }: ChargingPreferences, { now, prices, carbon }: PlanningData): PreferencesAnswer {
  if ((profileType === 'CHEAP' && !prices) || (profileType === 'GREEN' && !carbon)) return 'PROFILE_TYPE_NOT_SUPPORTED';
  if (departure !== undefined && departure <= now) return 'NOT_POSSIBLE';
  if (profileType !== 'CHEAP') return 'ACCEPTED';
  if (departure === undefined) return 'DEPARTURE_REQUIRED';
  return energyNeed === undefined ? 'ENERGY_NEED_REQUIRED' : 'ACCEPTED';
}
