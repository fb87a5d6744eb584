import type { Evse } from '../../domain/evse.ts';
import { fromNow, maximumProfile } from '../../domain/profile/active-profile.ts';
import type { ActiveChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { compareProfiles } from '../../domain/profile/compare.ts';
import { convertProfile } from '../../domain/profile/convert.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { type EpochMillis, type EpochSeconds, type Seconds, seconds, toSeconds } from '../../domain/units.ts';

/** The duration of a pushed active profile; CP-22 recommends 5 to 60 minutes. */
export const HORIZON: Seconds = seconds(1_800);

/** The answer of a charge point about its composite schedule, with the facts about its session. */
export interface ReportInputs {
  answer: StationAnswer;
  evse: Evse;
  /** The unit of the installed profile; undefined: none is installed. */
  unit: RateUnit | undefined;
  now: EpochMillis;
}

/**
 * The active profile to report: the one of the charge point, or the maximum of the EVSE when no profile is installed and the charge
 * point rejected the request (CP-23). Undefined when it is unknown; then nothing is reported.
 */
export function activeProfileToReport({ answer, evse, unit, now }: ReportInputs): ActiveChargingProfile | undefined {
  if (answer.is === 'ACCEPTED') return answer.activeProfile;
  if (unit !== undefined || answer.is !== 'REJECTED') return undefined;
  return maximumProfile(evse, evse.powerType === 'DC' ? 'W' : 'A', { start: toSeconds(now), duration: HORIZON });
}

/**
 * An active profile that begins now (F-60). A charge point may report a schedule that begins later: until then the limits hold that this
 * node knows, else the maximum of the EVSE.
 */
export function beginNow(
  active: ActiveChargingProfile,
  { known, evse, ...window }: { known: ActiveChargingProfile | undefined; evse: Evse; now: EpochSeconds; duration: Seconds },
): ActiveChargingProfile {
  const maximum = maximumProfile(evse, active.unit, { start: window.now, duration: window.duration });
  const converted = known && convertProfile(known, active.unit, evse);
  return fromNow(active, converted?.ok ? converted.value : maximum, window);
}

/** How long after a push the active profile is read again: before the end of the pushed one, because a profile may end after it (CP-23). */
export const REVIEW_AFTER: Seconds = seconds(HORIZON - 300);

/**
 * Whether the active profile must be pushed to an entitled sender: none was pushed yet, the last push may not have arrived, or the
 * profile changed (CP-18, CP-19). After the end of the pushed profile its last limit is assumed to continue.
 */
export const mustPush = (pushed: { profile: ActiveChargingProfile | undefined; stale: boolean }, active: ActiveChargingProfile, evse: Evse): boolean =>
  pushed.profile === undefined || pushed.stale || compareProfiles(endless(pushed.profile), active, evse) === 'different';

const endless = (pushed: ActiveChargingProfile): ActiveChargingProfile => ({ ...pushed, duration: seconds(Infinity) });
