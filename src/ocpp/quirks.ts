import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../domain/units.ts';
import type { OcppVersion } from './station.ts';

/** One way in which charge points differ from the standard, or use what it leaves open. */
export interface Quirk {
  seen: string;
  /** What the node does about it. */
  does: string;
}

/** What the node is prepared for; each has a test of its name, and a line in docs/charge-points.md. */
export const quirks = {
  'unit-not-taken': {
    seen: 'takes only W, or only A',
    does: 'the profile is converted by the phases and the nominal voltage of the EVSE, down to a tenth; on DC it is refused',
  },
  'level-zero-stays': { seen: 'never clears what lies at stack level 0', does: 'profiles lie at level 1, where the station has one' },
  'minus-one-for-no-limit': { seen: 'says -1 where nothing limits', does: 'the maximum of the EVSE stands there' },
  'huge-for-no-limit': { seen: 'says 999999 where nothing limits', does: 'the maximum of the EVSE stands there' },
  'empty-schedule': {
    seen: 'accepts the question and sends no schedule, or one without periods',
    does: 'a GET ends REJECTED, and nobody is told anything: what is not known is not invented',
  },
  'edge-off-by-a-second': { seen: 'rounds its seconds otherwise', does: 'an edge that comes a second sooner or later is the same edge' },
  'other-unit': { seen: 'answers in another unit than was asked for', does: 'the unit of the answer counts, and is compared after conversion' },
  'few-periods': {
    seen: 'takes fewer periods than were asked for',
    does: 'neighbours become one at the lower limit, those first that lose least energy; never above what was asked; more than 1024 end REJECTED',
  },
  'clock-behind': {
    seen: 'its clock is behind, so that a profile which starts now has not started yet',
    does: 'profiles that the node sends by itself start a minute ago, their later periods where they were; a start that a sender named is kept',
  },
  'lost-at-reboot': {
    seen: 'forgets transaction profiles when it boots again',
    does: 'OCPP 2.1: sent again after BootNotification; before: sent again when the composite schedule shows that it is gone, or there is none',
  },
  'no-composite-schedule': { seen: 'takes profiles and knows no GetCompositeSchedule', does: 'the node computes the answer and says so' },
  'whole-amperes': { seen: 'counts in whole amperes, rounded down', does: 'less than an ampere below is no deviation' },
} as const satisfies Record<string, Quirk>;
export type QuirkName = keyof typeof quirks;

/** Some stations never clear what lies at level 0. */
export const USUAL_STACK_LEVEL = 1;

/** Which versions promise to keep transaction profiles when a station boots again (OCPP 1.6 errata 3.37; not OCPP 2.1 K01.FR.27). */
export const KEEPS_PROFILES_AT_REBOOT: Readonly<Record<OcppVersion, boolean>> = { '1.6': true, '2.0.1': true, '2.1': false };

/** Farther back than the clocks of most stations are behind. */
const EARLIER = 60;

/** A profile that starts about now, as one that started a minute ago and says the same from its own start on. */
export function backdated(profile: ChargingProfile, now: EpochSeconds): ChargingProfile {
  const { start, duration } = profile;
  if (start === undefined || start > now || start <= now - EARLIER) return profile;
  const by = start - (now - EARLIER);
  const moved = { start: epochSeconds(start - by), ...(duration !== undefined && { duration: seconds(duration + by) }) };
  const later = <P extends { start: number }>(periods: readonly P[]) => periods.map((it) => (it.start === 0 ? it : { ...it, start: seconds(it.start + by) }));
  return profile.unit === 'W' ? { ...profile, ...moved, periods: later(profile.periods) } : { ...profile, ...moved, periods: later(profile.periods) };
}
