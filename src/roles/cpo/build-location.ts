import type { Evse } from '../../domain/evse.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireConnector } from '../../ocpi/locations/connector.ts';
import type { EvseStatus, WireEvse } from '../../ocpi/locations/evse.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';

/** What the operator says of a location; what is absent nobody gave. */
export interface LocationDescription {
  country_code: string;
  party_id: string;
  id: string;
  publish: boolean;
  name?: string;
  address?: string;
  city?: string;
  postal_code?: string;
  country?: string;
  coordinates?: { latitude: string; longitude: string };
  time_zone?: string;
}

/** What a car is plugged into. */
export interface Plug {
  /** A ConnectorType (OCPI 2.2.1 §8.4.5). */
  standard: string;
  format: 'SOCKET' | 'CABLE';
}

/** One EVSE at this moment. */
export interface EvseSnapshot {
  evse: Evse;
  plug: Plug;
  status: EvseStatus;
  /** Its station has said that it can follow charging profiles. */
  followsProfiles: boolean;
  /** Its drivers' wishes are followed (OCPI 2.2.1 §9.2.1.2). */
  followsPreferences: boolean;
}

/** Stands for a required text that nobody gave (TRN-45). */
const NOBODY_GAVE = '#NA';

/**
 * A location as it is told to others. Its `last_updated`, and those of its EVSEs and connectors, move exactly when something
 * in them changed since `before`; an EVSE that is no longer there is REMOVED, never left out (OCPI 2.2.1 §8.1).
 */
export function buildLocation(
  site: LocationDescription,
  evses: readonly EvseSnapshot[],
  { before, now }: { before: WireLocation | undefined; now: EpochMillis },
): WireLocation {
  const at = momentOf(before, now);
  const known = before?.evses ?? [];
  const here = evses.map((it) =>
    buildEvse(
      it,
      known.find(({ uid }) => uid === it.evse.uid),
      at,
    ),
  );
  const gone = known.filter(({ uid }) => !evses.some(({ evse }) => evse.uid === uid)).map((it) => removed(it, at));
  return stamped<WireLocation>({ ...describe(site), evses: [...here, ...gone], time_zone: site.time_zone ?? NOBODY_GAVE }, before, at);
}

/** Each change is newer than the one before, also when two fall in one millisecond. */
function momentOf(before: WireLocation | undefined, now: EpochMillis): string {
  const last = before && dateTimeMillis(before.last_updated);
  return printDateTime(epochMillis(Math.max(now, (last ?? 0) + 1)));
}

const describe = ({ country_code, party_id, id, publish, name, address, city, postal_code, country, coordinates }: LocationDescription) => ({
  country_code,
  party_id,
  id,
  publish,
  ...(name !== undefined && { name }),
  address: address ?? NOBODY_GAVE,
  city: city ?? NOBODY_GAVE,
  ...(postal_code !== undefined && { postal_code }),
  country: country ?? NOBODY_GAVE,
  coordinates: coordinates ?? { latitude: NOBODY_GAVE, longitude: NOBODY_GAVE },
});

function buildEvse({ evse, plug, status, followsProfiles, followsPreferences }: EvseSnapshot, before: WireEvse | undefined, at: string): WireEvse {
  const capabilities = [
    ...(followsPreferences ? ['CHARGING_PREFERENCES_CAPABLE'] : []),
    ...(followsProfiles ? ['CHARGING_PROFILE_CAPABLE'] : []),
    'RFID_READER',
  ];
  const id = String(evse.connectorId);
  const connector = buildConnector(evse, plug, { before: before?.connectors.find((it) => it.id === id), at });
  return stamped<WireEvse>({ uid: evse.uid, status, capabilities, connectors: [connector] }, before, at);
}

/** OCPI wants whole volts, amperes and watts; less is promised rather than more. */
function buildConnector(evse: Evse, { standard, format }: Plug, { before, at }: { before: WireConnector | undefined; at: string }): WireConnector {
  const { connectorId, powerType, maxVoltage, maxAmperage, maxPower } = evse;
  const told = {
    id: String(connectorId),
    standard,
    format,
    power_type: powerType,
    max_voltage: Math.floor(maxVoltage),
    max_amperage: Math.floor(maxAmperage),
    ...(maxPower !== undefined && { max_electric_power: Math.floor(maxPower) }),
  };
  return stamped<WireConnector>(told, before, at);
}

const removed = (evse: WireEvse, at: string): WireEvse => (evse.status === 'REMOVED' ? evse : { ...evse, status: 'REMOVED', last_updated: at });

/** Nothing changed: as old as it was; else of now. */
function stamped<T extends { last_updated: string }>(
  draft: Omit<T, 'last_updated'>,
  before: T | undefined,
  at: string,
): Omit<T, 'last_updated'> & { last_updated: string } {
  const same = before !== undefined && JSON.stringify({ ...draft, last_updated: before.last_updated }) === JSON.stringify(before);
  return { ...draft, last_updated: same ? before.last_updated : at };
}
