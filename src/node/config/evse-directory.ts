import type { Evse } from '../../domain/evse.ts';
import { fold, type LocationKey, locationKey, type PartyKey, partyName, type StationId, stationId } from '../../domain/ids.ts';
import { amperes, volts, watts } from '../../domain/units.ts';
import type { Plug } from '../../roles/cpo/build-location.ts';
import type { Config } from './config.ts';
import { cpoDirectory } from './cpo-parties.ts';

/** One EVSE of the configuration, with its charge point, location and connector. */
export interface ConfiguredEvse {
  station: StationId;
  /** The CPO that the charge point belongs to. */
  party: PartyKey;
  locationId: string;
  location: LocationKey;
  evse: Evse;
  plug: Plug;
}

/** The EVSEs of the configuration, by uid, charge point or location. */
export interface EvseDirectory {
  byUid(uid: string): ConfiguredEvse | undefined;
  /** The uid must be folded already. */
  byFoldedUid(uid: string): ConfiguredEvse | undefined;
  /** In the order of the configuration. */
  ofStation(station: StationId): readonly ConfiguredEvse[];
  /** By the EVSE number of OCPP 2.x, or the connector number of OCPP 1.6, which has no EVSEs: `evse_id` is then the connector number. */
  byEvseId(station: StationId, evseId: number): ConfiguredEvse | undefined;
  /** As `byEvseId`; without a number (0) the EVSE of a charge point that has only one. */
  atEvse(station: StationId, evseId: number): ConfiguredEvse | undefined;
  /** The id of the location of a charge point. */
  locationOf(station: StationId): string | undefined;
  /** The CPO that a charge point belongs to. */
  cpoOf(station: StationId): PartyKey | undefined;
  /** All locations, with the id as the first charge point at each spells it. */
  locations(): readonly { key: LocationKey; id: string }[];
  /** In the order of the configuration. */
  inLocation(key: LocationKey): readonly ConfiguredEvse[];
  /** Answers by another configuration from now on. */
  reload(config: Config): void;
}

/** The usual connector, for an EVSE without `connector_standard` or `connector_format`. */
const defaultPlug = (powerType: string): Plug =>
  powerType === 'DC' ? { standard: 'IEC_62196_T2_COMBO', format: 'CABLE' } : { standard: 'IEC_62196_T2', format: 'SOCKET' };

/** An EVSE of the configuration in the units of the domain. */
export const evseOf = (it: Config['charge_points'][number]['evses'][number]): Evse => ({
  uid: it.uid,
  evseId: it.evse_id,
  connectorId: it.connector_id,
  powerType: it.power_type,
  maxVoltage: volts(it.max_voltage),
  maxAmperage: amperes(it.max_amperage),
  ...(it.max_electric_power !== undefined && { maxPower: watts(it.max_electric_power) }),
});

/** Indexes the EVSEs of a configuration. */
export function createEvseDirectory(config: Config): EvseDirectory {
  let index = indexOf(config);
  return {
    byUid: (uid) => index.byUid(uid),
    byFoldedUid: (uid) => index.byFoldedUid(uid),
    ofStation: (station) => index.ofStation(station),
    byEvseId: (station, evseId) => index.byEvseId(station, evseId),
    atEvse: (station, evseId) => index.atEvse(station, evseId),
    locationOf: (station) => index.locationOf(station),
    cpoOf: (station) => index.cpoOf(station),
    locations: () => index.locations(),
    inLocation: (key) => index.inLocation(key),
    reload: (next) => {
      index = indexOf(next);
    },
  };
}

function indexOf(config: Config): Omit<EvseDirectory, 'reload'> {
  const cpoOf = cpoDirectory(config);
  const evses = config.charge_points.flatMap((point) => {
    const party = cpoOf(point.location_id);
    if (party === undefined) return []; // The check of the configuration refuses such a charge point.
    const { countryCode, partyId } = partyName(party);
    return point.evses.map(
      (it): ConfiguredEvse => ({
        station: stationId(point.id),
        locationId: point.location_id,
        party,
        location: locationKey(countryCode, partyId, point.location_id),
        evse: evseOf(it),
        plug: {
          standard: it.connector_standard ?? defaultPlug(it.power_type).standard,
          format: it.connector_format ?? defaultPlug(it.power_type).format,
        },
      }),
    );
  });
  const uids = new Map(evses.map((it) => [it.evse.uid, it]));
  const folded = new Map(evses.map((it) => [fold(it.evse.uid), it]));
  const byStation = Map.groupBy(evses, ({ station }) => station);
  const byNumber = new Map(evses.map((it) => [`${it.station} ${it.evse.evseId}`, it]));
  const locations = new Map(evses.map(({ station, locationId }) => [station, locationId]));
  const byLocation = Map.groupBy(evses, ({ location }) => location);
  const byEvseId = (station: StationId, evseId: number) => byNumber.get(`${station} ${evseId}`);
  const onlyOne = (evsesOfStation: readonly ConfiguredEvse[] = []) => (evsesOfStation.length === 1 ? evsesOfStation[0] : undefined);
  return {
    byUid: (uid) => uids.get(uid),
    byFoldedUid: (uid) => folded.get(uid),
    ofStation: (station) => byStation.get(station) ?? [],
    byEvseId,
    atEvse: (station, evseId) => byEvseId(station, evseId) ?? (evseId === 0 ? onlyOne(byStation.get(station)) : undefined),
    locationOf: (station) => locations.get(station),
    cpoOf: (station) => byStation.get(station)?.[0]?.party,
    locations: () => [...byLocation].flatMap(([key, [first]]) => (first ? [{ key, id: first.locationId }] : [])),
    inLocation: (key) => byLocation.get(key) ?? [],
  };
}
