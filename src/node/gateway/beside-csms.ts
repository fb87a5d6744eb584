import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combineWithCsms, csmsWish, flattened, type ProfileAtEvse, type SmartChargingMode, type WishContext } from '../../domain/profile/csms-wish.ts';
import { scheduleOf } from '../../domain/profile/schedule.ts';
import { type EpochSeconds, epochSeconds } from '../../domain/units.ts';
import type { LimitRequest, SetRequest } from '../../ocpp/dialect.ts';
import { type KnownProfiles, NO_PROFILES, type Taken } from '../../ocpp/gateway/apply-csms-event.ts';
import type { CsmsProfile, ProfileKey } from '../../ocpp/gateway/csms-profiles.ts';
import { type Place, placeFor } from '../../ocpp/gateway/place-profile.ts';
import { limitEvseId, limitProfileId, limitPurpose } from '../../ocpp/limit-profile.ts';
import type { Abilities } from '../../ocpp/station.ts';

/** A profile of ours at a station behind a CSMS. `id` and `stackLevel`: as it was sent. */
export interface OwnProfile extends ProfileKey {
  /** The id that the rest of the node knows it by. */
  usualId: number;
  /** The request of the node, before the CSMS's profiles were taken into account: it is repeated when they change. */
  request: SetRequest | LimitRequest;
  /** The profile that was sent. */
  sent: ChargingProfile;
  /** The start of its relative profiles. */
  chargingStarted: EpochSeconds;
  /** The profile of the CSMS whose place it has. */
  replaces?: CsmsProfile;
  /** The CSMS took it away. */
  taken?: Taken;
}

/** What is known of one station behind a CSMS. */
export interface StationProfiles {
  known: KnownProfiles;
  ours: readonly OwnProfile[];
}

/** Nothing is known, and nothing of ours is there. */
export const NOTHING_THERE: StationProfiles = { known: NO_PROFILES, ours: [] };

/** What decides how a request is sent beside the profiles of a CSMS. */
export interface BesideContext {
  mode: SmartChargingMode;
  abilities: Pick<Abilities, 'maxStackLevel'>;
  /** When charging began. */
  chargingStarted: EpochSeconds;
  now: EpochSeconds;
}

/** A profile that begins now is sent as one that began a minute ago (quirk clock-behind), so the last minute is computed too. */
const LOOK_BACK = 60;

/** The profile of ours for a request, with its place beside the profiles of the CSMS and combined with what the CSMS wants. */
export function besideCsms(request: SetRequest | LimitRequest, at: StationProfiles, context: BesideContext): OwnProfile {
  const isLimit = request.kind === 'limit-evse';
  const key = isLimit
    ? { id: limitProfileId(request), evseId: limitEvseId(request), purpose: limitPurpose(request) }
    : { id: request.profileId, evseId: request.evse.evseId, purpose: 'tx' as const, transactionId: request.transactionId };
  const otherIds = at.ours.filter(({ usualId }) => usualId !== key.id).map(({ id }) => id);
  const { maxStackLevel } = context.abilities;
  const place = placeFor(key, at.known, { maxStackLevel, otherIds });
  const { chargingStarted } = context;
  const sent = isLimit ? limitBeside(request, { at, place, context }) : profileBeside(request, { at, place, context });
  const { id, ...where } = key;
  return { ...where, usualId: id, request, chargingStarted, sent, ...place };
}

/** The request to send for a profile of ours. */
export function requestFor({ request, id, stackLevel, sent }: OwnProfile): SetRequest | LimitRequest {
  const place = { id, stackLevel };
  return request.kind === 'limit-evse' ? { ...request, limit: sent, place } : { ...request, profile: sent, place };
}

interface Beside {
  at: StationProfiles;
  place: Place;
  context: BesideContext;
}

function profileBeside({ evse, transactionId, profile, below, onlyLimit }: SetRequest, { at, place, context }: Beside): ChargingProfile {
  const here = { evse, transactionId, ...timesOf(context) };
  const wish = csmsWish(readProfiles(at.known), ['tx', 'tx-default'], here);
  return combineWithCsms(onlyLimit ? 'strictest' : context.mode, profile, { ...here, wish, standsFor: place.replaces !== undefined, below }) ?? profile;
}

/** The limit of a site is always the strictest: nothing may exceed it, and it must not raise what the CSMS wants. It holds for later transactions too. */
function limitBeside(request: LimitRequest, { at, place, context }: Beside): ChargingProfile {
  const here = { evse: request.evse, ...timesOf(context) };
  const set = readProfiles(at.known).map((it) => ({ ...it, profile: flattened(it.profile) }));
  const wish = csmsWish(set, [limitPurpose(request)], here);
  return combineWithCsms('strictest', request.limit, { ...here, wish, standsFor: place.replaces !== undefined }) ?? request.limit;
}

const timesOf = ({ chargingStarted, now }: Pick<BesideContext, 'chargingStarted' | 'now'>): Pick<WishContext, 'chargingStarted' | 'from'> => ({
  chargingStarted,
  from: epochSeconds(now - LOOK_BACK),
});

/** The profiles of the CSMS that are installed and could be read. */
const readProfiles = ({ profiles }: KnownProfiles): ProfileAtEvse[] =>
  profiles.flatMap(({ evseId, profile, awaitsStart }) => (profile && !awaitsStart ? [{ evseId, profile }] : []));

/**
 * The profile that holds at a session: the node's own combined with the profiles of the CSMS, also with its maximum for the station.
 * `profile` undefined: the node has none.
 */
export function expectedBeside(
  { known, ours }: StationProfiles,
  { mode, profile, ...here }: Omit<WishContext, 'from'> & { mode: SmartChargingMode; profile: ChargingProfile | undefined; now: EpochSeconds },
): ChargingProfile | undefined {
  const set = readProfiles(known);
  const at = { ...here, ...timesOf(here) };
  const own = ours.find((it) => it.purpose === 'tx' && it.transactionId === here.transactionId);
  const standsFor = own?.replaces !== undefined;
  const combined = combineWithCsms(mode, profile, { ...at, wish: csmsWish(set, ['tx', 'tx-default'], at), standsFor });
  return combineWithCsms('strictest', combined, { ...at, wish: csmsWish(set, ['max'], at), standsFor: true });
}

/** Whether two profiles of ours mean the same from now on, at the same place. */
export function meanTheSame(a: OwnProfile, b: OwnProfile, now: EpochSeconds): boolean {
  const rest = ({ id, stackLevel, sent, chargingStarted }: OwnProfile) => {
    const span = { from: now, to: epochSeconds(Infinity) };
    const steps = sent.unit === 'W' ? scheduleOf(sent, chargingStarted, span) : scheduleOf(sent, chargingStarted, span);
    // Recurring profiles are written out for some days from now: later steps differ each time.
    return JSON.stringify([id, stackLevel, sent.unit, steps.filter(({ from }) => from < now + COMPARED)]);
  };
  return rest(a) === rest(b);
}

const COMPARED = 86_400;
