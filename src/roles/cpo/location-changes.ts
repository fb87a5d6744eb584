import type { WireEvse, WireEvsePatch } from '../../ocpi/locations/evse.ts';
import type { WireLocation, WireLocationPatch } from '../../ocpi/locations/location.ts';

/** One message that brings a receiver closer to what is. */
export type LocationChange =
  | { by: 'PUT'; location: WireLocation }
  | { by: 'PATCH'; patch: WireLocationPatch }
  | { by: 'PUT'; evse: WireEvse }
  | { by: 'PATCH'; uid: string; patch: WireEvsePatch };

/** The smallest messages that tell a receiver of a location what changed since `held`, in order; none when nothing did (OCPI 2.2.1 §8.1, TRN-32). */
export function locationChanges(held: WireLocation | undefined, location: WireLocation): readonly LocationChange[] {
  if (!held) return [{ by: 'PUT', location }];
  const { evses = [], ...own } = location;
  const { evses: heldEvses = [], ...heldOwn } = held;
  const change = changedFields(heldOwn, own);
  // A PATCH can take nothing away: then only a PUT tells the truth.
  if (change === 'LOST' || heldEvses.some(({ uid }) => !evses.some((it) => it.uid === uid))) return [{ by: 'PUT', location }];
  const ofItself: LocationChange[] = change ? [{ by: 'PATCH', patch: { ...change, last_updated: location.last_updated } }] : [];
  const byUid = new Map(heldEvses.map((it) => [it.uid, it]));
  return [...ofItself, ...evses.flatMap((it) => evseChange(byUid.get(it.uid), it))];
}

function evseChange(held: WireEvse | undefined, evse: WireEvse): readonly LocationChange[] {
  const change = held ? changedFields(held, evse) : 'LOST';
  if (change === undefined) return [];
  if (change === 'LOST') return [{ by: 'PUT', evse }];
  return [{ by: 'PATCH', uid: evse.uid, patch: { ...change, last_updated: evse.last_updated } }];
}

/** The fields that are not as they were; undefined when all are; LOST when one is gone. `last_updated` alone is no change. */
function changedFields(before: object, after: object) {
  if (Object.keys(before).some((field) => !(field in after))) return 'LOST';
  const old = new Map(Object.entries(before));
  const changed = Object.entries(after).filter(([field, value]) => field !== 'last_updated' && JSON.stringify(value) !== JSON.stringify(old.get(field)));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
