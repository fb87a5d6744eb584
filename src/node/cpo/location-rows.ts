import { versionsAfter } from '../../domain/field-versions.ts';
import { type LocationKey, locationKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { splitLocation } from '../../ocpi/locations/split-location.ts';
import { buildEvse, type EvseSnapshot, momentAfter } from '../../roles/cpo/build-location.ts';
import { audienceOf } from '../../roles/cpo/location-audience.ts';
import type { StoredLocation } from '../../store/sql/location.ts';
import type { StoredEvse } from '../../store/sql/location-evse.ts';

/** The rows of an own location that must be written: the location without its EVSEs, and the EVSEs that changed. */
export interface LocationRows {
  location: Omit<StoredLocation<WireLocation>, 'seq'>;
  evses: readonly StoredEvse<WireEvse>[];
}

/** The rows to write after some EVSEs may have changed; the others are not looked at. Undefined when none changed. */
export function rowsOfEvses(
  stored: StoredLocation<WireLocation>,
  evses: readonly { snapshot: EvseSnapshot; row: StoredEvse<WireEvse> }[],
  now: EpochMillis,
): LocationRows | undefined {
  const at = momentAfter(stored.body, now);
  let { version } = stored;
  const changed = evses.flatMap(({ snapshot, row }) => {
    const body = buildEvse(snapshot, row.body, at);
    if (body.last_updated !== at) return [];
    version += 1;
    return [{ ...row, version, body, changed: versionsAfter(row.changed, { before: row.body, after: body }, version) }];
  });
  if (changed.length === 0) return undefined;
  const body = { ...stored.body, last_updated: at };
  return { location: { ...stored, version, body, lastUpdated: microsOf(body, now) }, evses: changed };
}

/** What is stored of a location before it is built anew. */
interface Before {
  stored: StoredLocation<WireLocation> | undefined;
  rows: readonly StoredEvse<WireEvse>[];
}

/** The rows to write of a location that was built as a whole; undefined when they are stored already. */
export function rowsOfLocation(location: WireLocation, { stored, rows }: Before, now: EpochMillis): LocationRows | undefined {
  const { shell, evses } = splitLocation(location);
  const key: LocationKey = locationKey(location.country_code, location.party_id, location.id);
  const byUid = new Map(rows.map((it) => [it.body.uid, it]));
  let version = (stored?.version ?? 0) + 1;
  const ownVersion = version;
  const changed = evses.flatMap((body, place) => {
    const row = byUid.get(body.uid);
    const isSame = row?.body.last_updated === body.last_updated;
    if (isSame && row.place === place) return [];
    if (isSame) return [{ ...row, place }];
    version += 1;
    return [{ location: key, place, version, body, changed: versionsAfter(row?.changed ?? {}, { before: row?.body, after: body }, version) }];
  });
  const audience = audienceOf(location);
  if (changed.length === 0 && stored?.body.last_updated === location.last_updated && stored.audience === audience) return undefined;
  const before = stored && splitLocation(stored.body).shell;
  const versions = versionsAfter(stored?.changed ?? {}, { before, after: shell }, ownVersion);
  return {
    location: { key, peer: undefined, lastUpdated: microsOf(location, now), body: shell, version, changed: versions, chars: 0, audience },
    evses: changed,
  };
}

const microsOf = ({ last_updated }: WireLocation, now: EpochMillis) => readDateTime(last_updated) ?? epochMicros(now * 1000);
