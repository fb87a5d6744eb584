import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { meantTenth } from '../../domain/profile/convert.ts';
import { amperes, type EpochSeconds, seconds, watts } from '../../domain/units.ts';
import type { OcppVersion } from '../station.ts';
import type { ClearCriteria, CsmsEvent, CsmsOutcome, CsmsProfile, ProfileKey } from './csms-profiles.ts';

/** A place that a CSMS wanted and a profile of ours had, so that the station refused the profile of the CSMS (OCPP 2.x). */
export type WantedPlace = Pick<ProfileKey, 'evseId' | 'purpose' | 'stackLevel'>;

/** What is known of a CSMS's profiles at one station. */
export interface KnownProfiles {
  profiles: readonly CsmsProfile[];
  /** Places that ours must leave free. */
  wanted: readonly WantedPlace[];
  /** Something was missed: a call without an answer, one that could not be read, or more profiles than are kept. A clear of all profiles ends it. */
  missed?: true;
}

/** Nothing is known of a CSMS's profiles, and nothing was missed. */
export const NO_PROFILES: KnownProfiles = { profiles: [], wanted: [] };

/** Why a profile of ours is not at the station any more. */
export type Taken = 'cleared' | 'replaced';

/** What an event changes. `taken`: the profiles of ours that the station no longer has. */
export interface Applied<O extends ProfileKey> {
  known: KnownProfiles;
  taken: readonly { ours: O; because: Taken }[];
}

/** No station takes more; the bound keeps a hostile CSMS from filling the memory. */
export const MOST_PROFILES = 100;
const MOST_WANTED = 20;

/** Whether the list may lack profiles or limits of the CSMS. */
export const isUncertain = ({ profiles, missed }: KnownProfiles): boolean => missed === true || profiles.some(({ profile }) => profile === undefined);

/** Applies what a CSMS did, by the rules of the standard (OCPP 1.6 §5.5, §5.16; OCPP 2.0.1 K01, K10; OCPP 2.1 K28). */
export function applyCsmsEvent<O extends ProfileKey>(
  known: KnownProfiles,
  { event, outcome }: { event: CsmsEvent; outcome: CsmsOutcome },
  { ours, now }: { ours: readonly O[]; now: EpochSeconds },
): Applied<O> {
  switch (event.kind) {
    case 'set':
      return applySet(known, { ...event, outcome }, ours);
    case 'clear':
      return applyClear(known, { criteria: event.criteria, outcome }, ours);
    case 'update':
      return { known: outcome === 'refused' ? known : updated(known, { ...event, isKnown: outcome === 'done' }, now), taken: [] };
    case 'unknown':
      return { known: outcome === 'done' || outcome === 'unknown' ? { ...known, missed: true } : known, taken: [] };
    default:
      return event satisfies never;
  }
}

/** Same purpose, stack level and EVSE; from OCPP 2.0.1 on also the same transaction. In 1.6 a connector has one transaction. */
function haveOnePlace(version: OcppVersion, a: ProfileKey, b: ProfileKey): boolean {
  return a.purpose === b.purpose && a.stackLevel === b.stackLevel && a.evseId === b.evseId && (version === '1.6' || a.transactionId === b.transactionId);
}

function applySet<O extends ProfileKey>(
  known: KnownProfiles,
  { version, profile, outcome }: { version: OcppVersion; profile: CsmsProfile; outcome: CsmsOutcome },
  ours: readonly O[],
): Applied<O> {
  const replaces = (it: ProfileKey) => it.id === profile.id || haveOnePlace(version, it, profile);
  if (profile.awaitsStart) return outcome === 'done' ? { known: withAwaiting(known, profile), taken: [] } : missedUnlessRefused(known, outcome);
  const taken = ours.filter(replaces).map((it) => ({ ours: it, because: 'replaced' as const }));
  if (outcome === 'done') {
    const wanted = known.wanted.filter((it) => !haveOnePlace('1.6', { id: 0, ...it }, profile));
    return { known: add({ ...known, wanted }, profile, (it) => it.awaitsStart === true || !replaces(it)), taken };
  }
  // K01.FR.06, K01.FR.39: another id at the same place is refused. The CSMS may have been refused because of ours.
  const inTheWay = outcome === 'refused' && version !== '1.6' && taken.some((it) => it.ours.id !== profile.id);
  if (inTheWay) return { known: want(known, profile), taken: [] };
  return outcome === 'unknown' ? { known: { ...known, missed: true }, taken } : { known, taken: [] };
}

const missedUnlessRefused = (known: KnownProfiles, outcome: CsmsOutcome) => ({
  known: outcome === 'unknown' ? { ...known, missed: true as const } : known,
  taken: [],
});

function add(known: KnownProfiles, profile: CsmsProfile, stays: (it: CsmsProfile) => boolean): KnownProfiles {
  const profiles = [...known.profiles.filter(stays), profile];
  return profiles.length > MOST_PROFILES ? { ...known, profiles: profiles.slice(-MOST_PROFILES), missed: true } : { ...known, profiles };
}

/** A newer remote start at an EVSE replaces the profile of an older one that did not begin. */
const withAwaiting = (known: KnownProfiles, profile: CsmsProfile) => add(known, profile, (it) => !it.awaitsStart || it.evseId !== profile.evseId);

function want(known: KnownProfiles, { evseId, purpose, stackLevel }: ProfileKey): KnownProfiles {
  const others = known.wanted.filter((it) => it.evseId !== evseId || it.purpose !== purpose || it.stackLevel !== stackLevel);
  return { ...known, wanted: [...others, { evseId, purpose, stackLevel }].slice(-MOST_WANTED) };
}

function applyClear<O extends ProfileKey>(
  known: KnownProfiles,
  { criteria, outcome }: { criteria: ClearCriteria; outcome: CsmsOutcome },
  ours: readonly O[],
): Applied<O> {
  const matches = (it: ProfileKey) =>
    (criteria.id ?? it.id) === it.id &&
    (criteria.evseId ?? it.evseId) === it.evseId &&
    (criteria.purpose ?? it.purpose) === it.purpose &&
    (criteria.stackLevel ?? it.stackLevel) === it.stackLevel;
  const isInstalled = (it: CsmsProfile) => !it.awaitsStart && matches(it);
  const taken = ours.filter(matches).map((it) => ({ ours: it, because: 'cleared' as const }));
  if (outcome === 'done') {
    const profiles = known.profiles.filter((it) => !isInstalled(it));
    // After a clear without criteria, and an accepted one, the station has no profile of the CSMS.
    return { known: Object.keys(criteria).length === 0 ? { profiles, wanted: [] } : { ...known, profiles }, taken };
  }
  if (outcome === 'unknown') return { known: { ...known, missed: true }, taken };
  // The station knows no such profile, and this list has one: one of them is wrong.
  const isWrong = outcome === 'not-there' && known.profiles.some(isInstalled);
  return { known: isWrong ? { ...known, missed: true } : known, taken: [] };
}

/** A Dynamic profile has one limit, from its last update on (OCPP 2.1 K28). */
function updated(known: KnownProfiles, { id, limit, isKnown }: { id: number; limit: number | undefined; isKnown: boolean }, now: EpochSeconds): KnownProfiles {
  const change = (it: CsmsProfile): CsmsProfile => {
    if (it.id !== id) return it;
    const { profile, ...unread } = it;
    if (profile?.kind !== 'Dynamic' || limit === undefined || !isKnown) return unread;
    return { ...it, profile: { ...profile, schedule: oneLimit(profile.schedule, meantTenth(limit), now) } };
  };
  return { ...known, profiles: known.profiles.map(change) };
}

const oneLimit = (schedule: ChargingProfile, limit: number, start: EpochSeconds): ChargingProfile =>
  schedule.unit === 'W'
    ? { ...schedule, start, periods: [{ start: seconds(0), limit: watts(limit) }] }
    : { ...schedule, start, periods: [{ start: seconds(0), limit: amperes(limit) }] };

/** A transaction that began, as the station names it. */
export interface BegunTransaction {
  version: OcppVersion;
  evseId: number;
  transactionId: string;
  /** It starts now; absent: an update of it. */
  isStart?: boolean;
}

/** A transaction began: the profile of its remote start becomes its TxProfile. When it starts, TxProfiles of older ones at its EVSE are over. */
export function beginTransaction(before: KnownProfiles, { version, evseId, transactionId, isStart }: BegunTransaction): KnownProfiles {
  const isOver = (it: CsmsProfile) => it.purpose === 'tx' && !it.awaitsStart && it.evseId === evseId && it.transactionId !== transactionId;
  const known = isStart && before.profiles.some(isOver) ? { ...before, profiles: before.profiles.filter((it) => !isOver(it)) } : before;
  const awaiting = known.profiles.find((it) => it.awaitsStart && (it.evseId === 0 || it.evseId === evseId));
  if (!awaiting) return known;
  const { awaitsStart, ...begun } = awaiting;
  const profile = { ...begun, evseId, transactionId, ...(begun.profile && { profile: { ...begun.profile, transactionId } }) };
  const payload = begun.payload && withTransaction(begun.payload, { version, evseId, transactionId });
  const rest = { ...known, profiles: known.profiles.filter((it) => it !== awaiting) };
  return applySet(rest, { version, profile: { ...profile, ...(payload && { payload }) }, outcome: 'done' }, []).known;
}

/** The payload of SetChargingProfile for the profile of a remote start, whose transaction has begun. */
function withTransaction(payload: object, { version, evseId, transactionId }: Omit<BegunTransaction, 'isStart'>): object {
  const profile: unknown = Reflect.get(payload, version === '1.6' ? 'csChargingProfiles' : 'chargingProfile');
  if (typeof profile !== 'object' || profile === null) return payload;
  if (version === '1.6') return { connectorId: evseId, csChargingProfiles: { ...profile, transactionId: Number(transactionId) } };
  return { evseId, chargingProfile: { ...profile, transactionId } };
}

/** A transaction ended: the station removes its TxProfiles (OCPP 1.6 §3.13.1, OCPP 2.0.1 K01.FR.12). */
export function endTransaction(
  known: KnownProfiles,
  { evseId, transactionId }: Pick<BegunTransaction, 'transactionId'> & { evseId: number | undefined },
): KnownProfiles {
  const ends = (it: CsmsProfile) =>
    it.purpose === 'tx' && !it.awaitsStart && (it.transactionId === undefined ? it.evseId === evseId : it.transactionId === transactionId);
  return known.profiles.some(ends) ? { ...known, profiles: known.profiles.filter((it) => !ends(it)) } : known;
}
