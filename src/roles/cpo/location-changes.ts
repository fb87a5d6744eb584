import { changedFields, type FieldVersions, fieldsSince } from '../../domain/field-versions.ts';
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

/** An object and the version at which each of its fields changed last. */
interface Versioned<T> {
  body: T;
  changed: FieldVersions;
}

/** The message with the changes of a location itself since a version, without those of its EVSEs; WHOLE: the whole location must be sent; undefined: none. */
export function locationChangeSince({ body, changed }: Versioned<WireLocation>, version: number): LocationChange | 'WHOLE' | undefined {
  const fields = fieldsSince(body, changed, version);
  return typeof fields === 'object' ? { by: 'PATCH', patch: { ...fields, last_updated: body.last_updated } } : fields;
}

/** The message with the changes of an EVSE since a version of its location; undefined: none. */
export function evseChangeSince({ body, changed }: Versioned<WireEvse>, version: number): LocationChange | undefined {
  const fields = fieldsSince(body, changed, version);
  if (fields === 'WHOLE') return { by: 'PUT', evse: body };
  return fields && { by: 'PATCH', uid: body.uid, patch: { ...fields, last_updated: body.last_updated } };
}
