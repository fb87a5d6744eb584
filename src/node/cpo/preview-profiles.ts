import type { Evse } from '../../domain/evse.ts';
import { fold } from '../../domain/ids.ts';
import { type LimitChange, type LimitInBoth, limitInBoth } from '../../domain/limit-change.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { SiteState } from '../../domain/site/balance.ts';
import type { SiteEvent } from '../../domain/site/event.ts';
import { previewSite, type ShareChange } from '../../domain/site/preview-site.ts';
import { type EpochSeconds, seconds } from '../../domain/units.ts';
import { computeActive } from '../../roles/cpo/compute-active-charging-profile.ts';
import { lowestProfile } from '../sites/evse-limit.ts';

/** The profiles of one session before and after an act. */
export interface ProfileChange {
  evse: Evse;
  chargingStarted: EpochSeconds;
  before: readonly ChargingProfile[];
  after: readonly ChargingProfile[];
}

/** The sites of a node, and the moment of the preview. */
export interface PreviewBasis {
  sites: readonly SiteState[];
  now: EpochSeconds;
}

/**
 * The limits of all EVSEs that an act on profiles concerns: those of the sessions, and those that share a site with them. At a site its
 * balance decides; elsewhere the lowest profile and the maximum of the EVSE.
 */
export function previewProfiles(changes: readonly ProfileChange[], { sites, now }: PreviewBasis): readonly LimitChange[] {
  const siteOf = (uid: string) => sites.find(({ numbers }) => numbers.has(fold(uid)));
  const bySite = Map.groupBy(changes, ({ evse }) => siteOf(evse.uid));
  return [...bySite].flatMap(([site, here]) => (site ? previewSite(site, here.map(eventOf), now).map(viewShare) : here.map((it) => changeAlone(it, now))));
}

/** A change of a share as a change of a limit. */
export const viewShare = ({ evse, from, to, wattsPerAmpere }: ShareChange): LimitChange => ({
  evse,
  from: { a: from, w: Math.round(from * wattsPerAmpere) },
  to: { a: to, w: Math.round(to * wattsPerAmpere) },
});

function eventOf({ evse, chargingStarted, after }: ProfileChange): SiteEvent {
  const profile = lowestOf(after, { evse, chargingStarted });
  return { kind: 'profile-changed', evse: evse.uid, ...(profile && { profile }), chargingStarted };
}

function changeAlone({ before, after, ...at }: ProfileChange, now: EpochSeconds): LimitChange {
  const limitOf = (profiles: readonly ChargingProfile[]) => limitAlone(lowestOf(profiles, at), at, now);
  return { evse: at.evse.uid, from: limitOf(before), to: limitOf(after) };
}

type SessionAt = Pick<ProfileChange, 'evse' | 'chargingStarted'>;

function lowestOf([first, ...more]: readonly ChargingProfile[], { evse, chargingStarted }: SessionAt): ChargingProfile | undefined {
  return first && lowestProfile([first, ...more], { evse, startedAt: chargingStarted });
}

/** One second of the active profile says what holds now. */
function limitAlone(profile: ChargingProfile | undefined, { evse, chargingStarted }: SessionAt, start: EpochSeconds): LimitInBoth {
  const active = computeActive({ evse, profile, site: undefined, chargingStarted }, { start, duration: seconds(1) });
  const limit = active?.periods[0]?.limit;
  if (!active || limit === undefined) return {};
  return limitInBoth(limit, active.unit, evse);
}
