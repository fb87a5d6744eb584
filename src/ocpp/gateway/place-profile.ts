import type { KnownProfiles } from './apply-csms-event.ts';
import type { CsmsProfile, ProfileKey } from './csms-profiles.ts';

/** Ids of sessions' profiles are 2^30 to 2^31 - 1. */
const FIRST_ID = 2 ** 30;

/** A profile of ours that needs a place; `id`: the id that it has where nothing is in its way. */
export type Placeless = Omit<ProfileKey, 'stackLevel'>;

/** Where a profile of ours goes. `replaces`: the profile of the CSMS whose place and id it takes, because no level is above it. */
export interface Place {
  id: number;
  stackLevel: number;
  replaces?: CsmsProfile;
}

/** The highest stack level of the station, and the ids of its other profiles of ours. */
export interface PlaceLimits {
  maxStackLevel: number;
  otherIds: readonly number[];
}

/**
 * The stack level and the id of a profile of ours: the highest level of the station, if the CSMS has no profile of the purpose there; else ours
 * takes the place of the profile of the CSMS that is there. A profile of the CSMS with the id of ours makes ours take another id.
 */
export function placeFor(ours: Placeless, { profiles, wanted }: KnownProfiles, { maxStackLevel, otherIds }: PlaceLimits): Place {
  const used = new Set([...profiles.map(({ id }) => id), ...otherIds]);
  const rivals = profiles.filter((it) => !it.awaitsStart && areRivals(ours, it));
  const top = Math.max(-1, ...rivals.map((it) => it.stackLevel));
  const isWanted = (level: number) => wanted.some((it) => it.purpose === ours.purpose && it.evseId === ours.evseId && it.stackLevel === level);
  let stackLevel = maxStackLevel;
  while (stackLevel > top && isWanted(stackLevel)) stackLevel -= 1;
  if (stackLevel > top && stackLevel >= 0) return { id: freeId(ours.id, used), stackLevel };
  const level = Math.max(0, Math.min(top, maxStackLevel));
  const replaces = rivals.find((it) => it.stackLevel === top && it.evseId === ours.evseId);
  return replaces ? { id: replaces.id, stackLevel: replaces.stackLevel, replaces } : { id: freeId(ours.id, used), stackLevel: level };
}

/** Whether both may apply at one EVSE at the same time. */
function areRivals(ours: Placeless, theirs: CsmsProfile): boolean {
  if (ours.purpose !== theirs.purpose) return false;
  if (ours.purpose === 'tx') return ours.evseId === theirs.evseId && (theirs.transactionId ?? ours.transactionId) === ours.transactionId;
  return theirs.evseId === ours.evseId || theirs.evseId === 0;
}

function freeId(wanted: number, used: ReadonlySet<number>): number {
  let id = wanted;
  while (used.has(id)) id = id + 1 < 2 ** 31 ? id + 1 : FIRST_ID;
  return id;
}
