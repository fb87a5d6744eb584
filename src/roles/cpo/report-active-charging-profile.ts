import type { Evse } from '../../domain/evse.ts';
import { maximumProfile } from '../../domain/profile/active-profile.ts';
import type { ActiveChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { compareProfiles } from '../../domain/profile/compare.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { type EpochMillis, type Seconds, seconds, toSeconds } from '../../domain/units.ts';

/** How far ahead a pushed profile looks; the guide of CP-22 is 5 to 60 minutes. */
export const HORIZON: Seconds = seconds(1_800);

/** What is known of one session when its charge point was asked for the composite schedule. */
export interface ReportInputs {
  heard: StationAnswer;
  evse: Evse;
  /** The unit of the profile that is installed, if one is. */
  unit: RateUnit | undefined;
  now: EpochMillis;
}

/**
 * The active profile to report: what the charge point said, or the EVSE's maximum when nothing is installed and the
 * charge point has nothing to say (CP-23). Undefined when it is not known; then nothing is told.
 */
export function activeProfileToReport({ heard, evse, unit, now }: ReportInputs): ActiveChargingProfile | undefined {
  if (heard.is === 'ACCEPTED' && heard.activeProfile) return heard.activeProfile;
  if (unit !== undefined || heard.is !== 'REJECTED') return undefined;
  return maximumProfile(evse, evse.powerType === 'DC' ? 'W' : 'A', { start: toSeconds(now), duration: HORIZON });
}

/** What was told is looked at again before it is over, since a profile may run out behind it (CP-23). */
export const REVIEW_AFTER: Seconds = seconds(HORIZON - 300);

/**
 * Whether an entitled sender must be told: it was told nothing yet, what it was told may not have arrived, or it differs
 * from what is (CP-18, CP-19). Behind the end of what was told, its last limit is taken to go on.
 */
export const mustPush = (told: { profile: ActiveChargingProfile | undefined; stale: boolean }, active: ActiveChargingProfile, evse: Evse): boolean =>
  told.profile === undefined || told.stale || compareProfiles(extended(told.profile, active), active, evse) === 'different';

const extended = (told: ActiveChargingProfile, { start, duration }: ActiveChargingProfile): ActiveChargingProfile => ({
  ...told,
  duration: seconds(Math.max(told.duration, start + duration - told.start)),
});
