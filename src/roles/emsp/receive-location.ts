import { fold } from '../../domain/ids.ts';
import { compareDateTimes } from '../../ocpi/date-time.ts';
import type { WireConnector, WireConnectorPatch } from '../../ocpi/locations/connector.ts';
import type { WireEvse, WireEvsePatch } from '../../ocpi/locations/evse.ts';
import type { WireLocation, WireLocationPatch } from '../../ocpi/locations/location.ts';

/** The result of a message about a location. OLDER: the stored object is newer and stays. UNKNOWN: the object or its parent is not stored. */
export type ReceivedLocation = { is: 'CREATED' | 'CHANGED'; location: WireLocation } | { is: 'OLDER' } | { is: 'UNKNOWN' };

const OLDER = { is: 'OLDER' } as const;
const UNKNOWN = { is: 'UNKNOWN' } as const;

/** The address of an EVSE within a location. */
export interface EvseName {
  evse_uid: string;
}
/** The address of a connector within a location. */
export interface ConnectorName extends EvseName {
  connector_id: string;
}

/** A PUT replaces the whole location, unless the stored one is newer (OCPI 2.2.1 §8.2.2.2). */
export function putLocation(stored: WireLocation | undefined, received: WireLocation): ReceivedLocation {
  if (!stored) return { is: 'CREATED', location: received };
  return isOlder(received, stored) ? OLDER : { is: 'CHANGED', location: received };
}

/** A PUT adds or replaces an EVSE of a location, which is then at least as new as the EVSE (OCPI 2.2.1 §8.2.2.2). */
export function putEvse(stored: WireLocation | undefined, received: WireEvse): ReceivedLocation {
  if (!stored) return UNKNOWN;
  const before = evseIn(stored, received.uid);
  if (before && isOlder(received, before)) return OLDER;
  return { is: before ? 'CHANGED' : 'CREATED', location: withEvse(stored, received) };
}

/** A PUT adds or replaces a connector of an EVSE; EVSE and location are then at least as new as the connector (OCPI 2.2.1 §8.2.2.2). */
export function putConnector(stored: WireLocation | undefined, { evse_uid }: EvseName, received: WireConnector): ReceivedLocation {
  const evse = stored && evseIn(stored, evse_uid);
  if (!stored || !evse) return UNKNOWN;
  const before = connectorIn(evse, received.id);
  if (before && isOlder(received, before)) return OLDER;
  return { is: before ? 'CHANGED' : 'CREATED', location: withEvse(stored, withConnector(evse, received)) };
}

/** A PATCH changes the fields that it contains. It cannot remove anything, so EVSEs that it does not contain stay (OCPI 2.2.1 §8.2.2.3). */
export function patchLocation(stored: WireLocation | undefined, { evses = [], ...fields }: WireLocationPatch): ReceivedLocation {
  if (!stored) return UNKNOWN;
  return isOlder(fields, stored) ? OLDER : { is: 'CHANGED', location: evses.reduce(withEvse, { ...stored, ...fields }) };
}

/** A PATCH of an EVSE changes the fields that it contains (OCPI 2.2.1 §8.2.2.3). */
export function patchEvse(stored: WireLocation | undefined, { evse_uid }: EvseName, { connectors = [], ...fields }: WireEvsePatch): ReceivedLocation {
  const evse = stored && evseIn(stored, evse_uid);
  if (!stored || !evse) return UNKNOWN;
  return isOlder(fields, evse) ? OLDER : { is: 'CHANGED', location: withEvse(stored, connectors.reduce(withConnector, { ...evse, ...fields })) };
}

/** A PATCH of a connector changes the fields that it contains (OCPI 2.2.1 §8.2.2.3). */
export function patchConnector(stored: WireLocation | undefined, { evse_uid, connector_id }: ConnectorName, received: WireConnectorPatch): ReceivedLocation {
  const evse = stored && evseIn(stored, evse_uid);
  const connector = evse && connectorIn(evse, connector_id);
  if (!stored || !evse || !connector) return UNKNOWN;
  return isOlder(received, connector) ? OLDER : { is: 'CHANGED', location: withEvse(stored, withConnector(evse, { ...connector, ...received })) };
}

/** The EVSE of a location with this uid; undefined: none. */
export const evseIn = (location: WireLocation, uid: string): WireEvse | undefined => location.evses?.find((it) => fold(it.uid) === fold(uid));
/** The connector of an EVSE with this id; undefined: none. */
export const connectorIn = (evse: WireEvse, id: string): WireConnector | undefined => evse.connectors.find((it) => fold(it.id) === fold(id));

interface Dated {
  last_updated: string;
}
const isOlder = (received: Dated, stored: Dated) => compareDateTimes(received.last_updated, stored.last_updated) < 0;
/** A parent is never older than its parts. */
const asNewAs = <T extends Dated>(parent: T, part: Dated): T => (isOlder(parent, part) ? { ...parent, last_updated: part.last_updated } : parent);

const withEvse = (location: WireLocation, evse: WireEvse): WireLocation =>
  asNewAs({ ...location, evses: replaced(location.evses ?? [], evse, (it) => it.uid) }, evse);
const withConnector = (evse: WireEvse, connector: WireConnector): WireEvse =>
  asNewAs({ ...evse, connectors: replaced(evse.connectors, connector, (it) => it.id) }, connector);

/** The list with the part of the same name replaced, or with the part added at its end. */
function replaced<T>(list: readonly T[], part: T, nameOf: (it: T) => string): T[] {
  const at = list.findIndex((it) => fold(nameOf(it)) === fold(nameOf(part)));
  return at < 0 ? [...list, part] : list.toSpliced(at, 1, part);
}
