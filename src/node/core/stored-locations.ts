import type { WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { joinLocation } from '../../ocpi/locations/split-location.ts';
import type { StoredLocation } from '../../store/sql/location.ts';
import { evsesOfLocation, type StoredEvse } from '../../store/sql/location-evse.ts';
import type { Query, Store } from '../../store/store.ts';

/** Whether an older release stored the EVSEs in the body of the location. They move to rows of their own when the location is stored again. */
export const holdsItsEvses = ({ body }: Pick<StoredLocation<WireLocation>, 'body'>): boolean => body.evses !== undefined && body.evses.length > 0;

/** A stored location with its EVSEs. */
export async function wholeLocation(store: Store, location: StoredLocation<WireLocation> | undefined): Promise<WireLocation | undefined> {
  return location && joinRows(location, await store.all(evsesOfLocation<WireEvse>(location.key)));
}

/** One page of stored locations with their EVSEs; each of the two queries reads the same page. */
export async function wholeLocations(
  store: Store,
  locations: Query<StoredLocation<WireLocation>>,
  evses: Query<StoredEvse<WireEvse>>,
): Promise<readonly StoredLocation<WireLocation>[]> {
  const [stored, all] = await Promise.all([store.all(locations), store.all(evses)]);
  const byLocation = Map.groupBy(all, (it) => it.location);
  return stored.map((it) => ({ ...it, body: joinRows(it, byLocation.get(it.key) ?? []) }));
}

/** A stored location with the rows of its EVSEs put in. */
export const joinRows = (location: StoredLocation<WireLocation>, evses: readonly StoredEvse<WireEvse>[]): WireLocation =>
  holdsItsEvses(location)
    ? location.body
    : joinLocation(
        location.body,
        evses.map((it) => it.body),
      );
