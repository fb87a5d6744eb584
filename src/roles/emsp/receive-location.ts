import { fold } from '../../domain/ids.ts';
import { compareDateTimes } from '../../ocpi/date-time.ts';
import type { WireConnector, WireConnectorPatch } from '../../ocpi/locations/connector.ts';
import type { WireEvse, WireEvsePatch } from '../../ocpi/locations/evse.ts';
import type { WireLocation, WireLocationPatch } from '../../ocpi/locations/location.ts';

/** What a message about a location leads to. OLDER: what is held is newer, and stays. UNKNOWN: it is about a part of what is not held. */
export type ReceivedLocation = { is: 'CREATED' | 'CHANGED'; location: WireLocation } | { is: 'OLDER' } | { is: 'UNKNOWN' };

const OLDER = { is: 'OLDER' } as const;
const UNKNOWN = { is: 'UNKNOWN' } as const;

/** Where in a location a part stands. */
export interface EvseName {
  evse_uid: string;
}
export interface ConnectorName extends EvseName {
  connector_id: string;
}

/** A PUT replaces a location whole, unless it is older than what is held (OCPI 2.2.1 §8.2.2.2). */
export function putLocation(held: WireLocation | undefined, told: WireLocation): ReceivedLocation {
  if (!held) return { is: 'CREATED', location: told };
  return isOlder(told, held) ? OLDER : { is: 'CHANGED', location: told };
}

/** A PUT adds an EVSE to its location, or replaces it there; the location is then as new as it (OCPI 2.2.1 §8.2.2.2). */
export function putEvse(held: WireLocation | undefined, told: WireEvse): ReceivedLocation {
  if (!held) return UNKNOWN;
  const before = evseIn(held, told.uid);
  if (before && isOlder(told, before)) return OLDER;
  return { is: before ? 'CHANGED' : 'CREATED', location: withEvse(held, told) };
}

/** A PUT adds a connector to its EVSE, or replaces it there; EVSE and location are then as new as it (OCPI 2.2.1 §8.2.2.2). */
export function putConnector(held: WireLocation | undefined, { evse_uid }: EvseName, told: WireConnector): ReceivedLocation {
  const evse = held && evseIn(held, evse_uid);
  if (!held || !evse) return UNKNOWN;
  const before = connectorIn(evse, told.id);
  if (before && isOlder(told, before)) return OLDER;
  return { is: before ? 'CHANGED' : 'CREATED', location: withEvse(held, withConnector(evse, told)) };
}

/** A PATCH changes the fields that it names. It cannot take away, so EVSEs that it does not name stay (OCPI 2.2.1 §8.2.2.3). */
export function patchLocation(held: WireLocation | undefined, { evses = [], ...fields }: WireLocationPatch): ReceivedLocation {
  if (!held) return UNKNOWN;
  return isOlder(fields, held) ? OLDER : { is: 'CHANGED', location: evses.reduce(withEvse, { ...held, ...fields }) };
}

/** A PATCH of an EVSE, most often of its status (OCPI 2.2.1 §8.2.2.3). */
export function patchEvse(held: WireLocation | undefined, { evse_uid }: EvseName, { connectors = [], ...fields }: WireEvsePatch): ReceivedLocation {
  const evse = held && evseIn(held, evse_uid);
  if (!held || !evse) return UNKNOWN;
  return isOlder(fields, evse) ? OLDER : { is: 'CHANGED', location: withEvse(held, connectors.reduce(withConnector, { ...evse, ...fields })) };
}

/** A PATCH of a connector (OCPI 2.2.1 §8.2.2.3). */
export function patchConnector(held: WireLocation | undefined, { evse_uid, connector_id }: ConnectorName, told: WireConnectorPatch): ReceivedLocation {
  const evse = held && evseIn(held, evse_uid);
  const connector = evse && connectorIn(evse, connector_id);
  if (!held || !evse || !connector) return UNKNOWN;
  return isOlder(told, connector) ? OLDER : { is: 'CHANGED', location: withEvse(held, withConnector(evse, { ...connector, ...told })) };
}

export const evseIn = (location: WireLocation, uid: string): WireEvse | undefined => location.evses?.find((it) => fold(it.uid) === fold(uid));
export const connectorIn = (evse: WireEvse, id: string): WireConnector | undefined => evse.connectors.find((it) => fold(it.id) === fold(id));

interface Dated {
  last_updated: string;
}
const isOlder = (told: Dated, held: Dated) => compareDateTimes(told.last_updated, held.last_updated) < 0;
/** A parent is never older than its part. */
const asNewAs = <T extends Dated>(parent: T, part: Dated): T => (isOlder(parent, part) ? { ...parent, last_updated: part.last_updated } : parent);

const withEvse = (location: WireLocation, evse: WireEvse): WireLocation =>
  asNewAs({ ...location, evses: replaced(location.evses ?? [], evse, (it) => it.uid) }, evse);
const withConnector = (evse: WireEvse, connector: WireConnector): WireEvse =>
  asNewAs({ ...evse, connectors: replaced(evse.connectors, connector, (it) => it.id) }, connector);

/** The list with one part put in the place of the one of the same name, or at its end. */
function replaced<T>(list: readonly T[], part: T, nameOf: (it: T) => string): T[] {
  const at = list.findIndex((it) => fold(nameOf(it)) === fold(nameOf(part)));
  return at < 0 ? [...list, part] : list.toSpliced(at, 1, part);
}
