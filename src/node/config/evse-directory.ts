import type { Evse } from '../../domain/evse.ts';
import { fold, type StationId, stationId } from '../../domain/ids.ts';
import { amperes, volts, watts } from '../../domain/units.ts';
import type { Plug } from '../../roles/cpo/build-location.ts';
import type { Config } from './config.ts';

/** One EVSE of ours, and where it stands. */
export interface ConfiguredEvse {
  station: StationId;
  locationId: string;
  evse: Evse;
  plug: Plug;
}

/** The EVSEs of the configuration, found by their uid or by what a charge point calls them. */
export interface EvseDirectory {
  byUid(uid: string): ConfiguredEvse | undefined;
  /** By its folded uid. */
  byFoldedUid(uid: string): ConfiguredEvse | undefined;
  ofStation(station: StationId): readonly ConfiguredEvse[];
  /** OCPP 1.6 knows connectors only, numbered through the station: both numbers are the connector's then. */
  byEvseId(station: StationId, evseId: number): ConfiguredEvse | undefined;
  locationOf(station: StationId): string | undefined;
  /** The ids of all locations, as the first charge point of each spells it. */
  locations(): readonly string[];
  /** In the order of the configuration; case does not count. */
  inLocation(id: string): readonly ConfiguredEvse[];
}

/** What an EVSE has where the operator says nothing of it. */
const usualPlug = (powerType: string): Plug =>
  powerType === 'DC' ? { standard: 'IEC_62196_T2_COMBO', format: 'CABLE' } : { standard: 'IEC_62196_T2', format: 'SOCKET' };

/** An EVSE as it stands in the configuration. */
export const evseOf = (it: Config['charge_points'][number]['evses'][number]): Evse => ({
  uid: it.uid,
  evseId: it.evse_id,
  connectorId: it.connector_id,
  powerType: it.power_type,
  maxVoltage: volts(it.max_voltage),
  maxAmperage: amperes(it.max_amperage),
  ...(it.max_electric_power !== undefined && { maxPower: watts(it.max_electric_power) }),
});

export function createEvseDirectory(config: Config): EvseDirectory {
  const places = config.charge_points.flatMap((point) =>
    point.evses.map(
      (it): ConfiguredEvse => ({
        station: stationId(point.id),
        locationId: point.location_id,
        evse: evseOf(it),
        plug: {
          standard: it.connector_standard ?? usualPlug(it.power_type).standard,
          format: it.connector_format ?? usualPlug(it.power_type).format,
        },
      }),
    ),
  );
  const uids = new Map(places.map((place) => [place.evse.uid, place]));
  const folded = new Map(places.map((place) => [fold(place.evse.uid), place]));
  const byStation = Map.groupBy(places, (place) => place.station);
  const seats = new Map(places.map((place) => [`${place.station} ${place.evse.evseId}`, place]));
  const locations = new Map(places.map((place) => [place.station, place.locationId]));
  const byLocation = Map.groupBy(places, (place) => fold(place.locationId));
  return {
    byUid: (uid) => uids.get(uid),
    byFoldedUid: (uid) => folded.get(uid),
    ofStation: (station) => byStation.get(station) ?? [],
    byEvseId: (station, evseId) => seats.get(`${station} ${evseId}`),
    locationOf: (station) => locations.get(station),
    locations: () => [...byLocation.values()].flatMap(([place]) => (place ? [place.locationId] : [])),
    inLocation: (id) => byLocation.get(fold(id)) ?? [],
  };
}
