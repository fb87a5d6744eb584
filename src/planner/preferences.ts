import type { ChargingPreferences, PreferencesAnswer } from '../domain/preferences.ts';
import type { EpochSeconds } from '../domain/units.ts';

/** What there is to plan with. */
export interface PlanningData {
  now: EpochSeconds;
  /** Prices are known. */
  prices: boolean;
  /** How clean the energy is when is known. */
  carbon: boolean;
}

/**
 * What is truthfully to be said to preferences: ACCEPTED only when the plan will go by them (SES-52). Leave to discharge is
 * taken note of and never used: nothing here plans it.
 */
export function answerPreferences({ profileType, departure, energyNeed }: ChargingPreferences, { now, prices, carbon }: PlanningData): PreferencesAnswer {
  if ((profileType === 'CHEAP' && !prices) || (profileType === 'GREEN' && !carbon)) return 'PROFILE_TYPE_NOT_SUPPORTED';
  if (departure !== undefined && departure <= now) return 'NOT_POSSIBLE';
  if (profileType !== 'CHEAP') return 'ACCEPTED';
  if (departure === undefined) return 'DEPARTURE_REQUIRED';
  return energyNeed === undefined ? 'ENERGY_NEED_REQUIRED' : 'ACCEPTED';
}
