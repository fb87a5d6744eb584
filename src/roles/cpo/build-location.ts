import type { Evse } from '../../domain/evse.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireConnector } from '../../ocpi/locations/connector.ts';
import type { EvseStatus, WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import { NOT_CONFIGURED } from './location-audience.ts';

/** A location as the operator configured it. */
export interface LocationDescription {
  country_code: string;
  party_id: string;
  id: string;
  publish: boolean;
  /** The tokens whose owners may see an unpublished location. */
  publish_allowed_to?: NonNullable<WireLocation['publish_allowed_to']>;
  name?: string;
  address?: string;
  city?: string;
  postal_code?: string;
  country?: string;
  coordinates?: { latitude: string; longitude: string };
  time_zone?: string;
}

/** The socket or cable of a connector. */
export interface Plug {
  /** A ConnectorType (OCPI 2.2.1 §8.4.5). */
  standard: string;
  format: 'SOCKET' | 'CABLE';
}

/** The state of one EVSE at one moment. */
export interface EvseSnapshot {
  evse: Evse;
  plug: Plug;
  status: EvseStatus;
  /** Its station supports charging profiles. */
  followsProfiles: boolean;
  /** Cards were read at its station. */
  readsCards: boolean;
  /** Charging preferences are applied at this EVSE (OCPI 2.2.1 §9.2.1.2). */
  followsPreferences: boolean;
}

/**
 * Builds a Location of OCPI. Its last_updated, and those of its EVSEs and connectors, change only when something in them changed
 * since `before`. An EVSE that no longer exists gets the status REMOVED and stays in the list (OCPI 2.2.1 §8.1).
 */
export function buildLocation(
  site: LocationDescription,
  evses: readonly EvseSnapshot[],
  { before, now }: { before: WireLocation | undefined; now: EpochMillis },
): WireLocation {
  const at = momentAfter(before, now);
  const known = new Map((before?.evses ?? []).map((it) => [it.uid, it]));
  const current = evses.map((it) => buildEvse(it, known.get(it.evse.uid), at));
  for (const { uid } of current) known.delete(uid);
  const missing = [...known.values()].map((it) => removed(it, at));
  return stamped<WireLocation>({ ...describe(site), evses: [...current, ...missing], time_zone: site.time_zone ?? NOT_CONFIGURED }, before, at);
}

type Description = Pick<WireLocation, 'publish' | 'name' | 'address' | 'city' | 'postal_code' | 'country' | 'coordinates' | 'time_zone'>;
/** The description in a location; without the tokens that may see it, which only the configuration knows. */
export const descriptionIn = ({ publish, name, address, city, postal_code, country, coordinates, time_zone }: Description): Description => ({
  publish,
  ...(name !== undefined && { name }),
  address,
  city,
  ...(postal_code !== undefined && { postal_code }),
  country,
  coordinates,
  time_zone,
});

/** The last_updated of a change: later than the one before, also within the same millisecond. */
export function momentAfter(before: Pick<WireLocation, 'last_updated'> | undefined, now: EpochMillis): string {
  const last = before && dateTimeMillis(before.last_updated);
  return printDateTime(epochMillis(Math.max(now, (last ?? 0) + 1)));
}

function describe({ country_code, party_id, id, ...site }: LocationDescription) {
  const unknown = { address: NOT_CONFIGURED, city: NOT_CONFIGURED, country: NOT_CONFIGURED, coordinates: NOWHERE, time_zone: NOT_CONFIGURED };
  const { publish, time_zone: _, ...shown } = descriptionIn({ ...unknown, ...site });
  const { publish_allowed_to } = site;
  return { country_code, party_id, id, publish, ...(publish_allowed_to && { publish_allowed_to }), ...shown };
}
const NOWHERE = { latitude: NOT_CONFIGURED, longitude: NOT_CONFIGURED };

/** Builds one EVSE of a location. Its last_updated is `at` when something in it changed since `before`, else that of `before`. */
export function buildEvse(
  { evse, plug, status, followsProfiles, readsCards, followsPreferences }: EvseSnapshot,
  before: WireEvse | undefined,
  at: string,
): WireEvse {
  const capabilities = [
    ...(followsPreferences ? ['CHARGING_PREFERENCES_CAPABLE'] : []),
    ...(followsProfiles ? ['CHARGING_PROFILE_CAPABLE'] : []),
    ...(readsCards ? ['RFID_READER'] : []),
  ];
  const id = String(evse.connectorId);
  const connector = buildConnector(evse, plug, { before: before?.connectors.find((it) => it.id === id), at });
  return stamped<WireEvse>({ uid: evse.uid, status, capabilities, connectors: [connector] }, before, at);
}

/** OCPI requires whole volts, amperes and watts; they are rounded down, so that no value exceeds the real one. */
function buildConnector(evse: Evse, { standard, format }: Plug, { before, at }: { before: WireConnector | undefined; at: string }): WireConnector {
  const { connectorId, powerType, maxVoltage, maxAmperage, maxPower } = evse;
  const draft = {
    id: String(connectorId),
    standard,
    format,
    power_type: powerType,
    max_voltage: Math.floor(maxVoltage),
    max_amperage: Math.floor(maxAmperage),
    ...(maxPower !== undefined && { max_electric_power: Math.floor(maxPower) }),
  };
  return stamped<WireConnector>(draft, before, at);
}

const removed = (evse: WireEvse, at: string): WireEvse => (evse.status === 'REMOVED' ? evse : { ...evse, status: 'REMOVED', last_updated: at });

/** Adds last_updated: the one of `before` when nothing changed, otherwise `at`. */
function stamped<T extends { last_updated: string }>(
  draft: Omit<T, 'last_updated'>,
  before: T | undefined,
  at: string,
): Omit<T, 'last_updated'> & { last_updated: string } {
  const same = before !== undefined && JSON.stringify({ ...draft, last_updated: before.last_updated }) === JSON.stringify(before);
  return { ...draft, last_updated: same ? before.last_updated : at };
}
