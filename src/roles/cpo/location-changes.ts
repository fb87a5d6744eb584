import type { WireEvse, WireEvsePatch } from '../../ocpi/locations/evse.ts';
import type { WireLocation, WireLocationPatch } from '../../ocpi/locations/location.ts';

/** One message that brings a receiver up to date. */
export type LocationChange =
  | { by: 'PUT'; location: WireLocation }
  | { by: 'PATCH'; patch: WireLocationPatch }
  | { by: 'PUT'; evse: WireEvse }
  | { by: 'PATCH'; uid: string; patch: WireEvsePatch };

/** The smallest messages with the changes of a location since `acknowledged`, in order; none without a change (OCPI 2.2.1 §8.1, TRN-32). */
export function locationChanges(acknowledged: WireLocation | undefined, location: WireLocation): readonly LocationChange[] {
  if (!acknowledged) return [{ by: 'PUT', location }];
  const { evses = [], ...own } = location;
  const { evses: knownEvses = [], ...knownOwn } = acknowledged;
  const change = changedFields(knownOwn, own);
  // A PATCH cannot remove anything, so a removal requires a PUT.
  if (change === 'LOST' || knownEvses.some(({ uid }) => !evses.some((it) => it.uid === uid))) return [{ by: 'PUT', location }];
  const ownChange: LocationChange[] = change ? [{ by: 'PATCH', patch: { ...change, last_updated: location.last_updated } }] : [];
  const byUid = new Map(knownEvses.map((it) => [it.uid, it]));
  return [...ownChange, ...evses.flatMap((it) => evseChange(byUid.get(it.uid), it))];
}

function evseChange(acknowledged: WireEvse | undefined, evse: WireEvse): readonly LocationChange[] {
  const change = acknowledged ? changedFields(acknowledged, evse) : 'LOST';
  if (change === undefined) return [];
  if (change === 'LOST') return [{ by: 'PUT', evse }];
  return [{ by: 'PATCH', uid: evse.uid, patch: { ...change, last_updated: evse.last_updated } }];
}

/** The changed fields; undefined: none; LOST: a field was removed. A change of last_updated alone does not count. */
function changedFields(before: object, after: object) {
  if (Object.keys(before).some((field) => !(field in after))) return 'LOST';
  const old = new Map(Object.entries(before));
  const changed = Object.entries(after).filter(([field, value]) => field !== 'last_updated' && JSON.stringify(value) !== JSON.stringify(old.get(field)));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
