import { type StationId, stationId } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { asJson, flag, integer, maybeInteger, maybeJson, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** A station in the store; `abilities` is JSON of the OCPP layer. */
export interface StoredStation<Abilities> {
  id: StationId;
  version: string;
  epoch: number;
  online: boolean;
  vendor: string | undefined;
  model: string | undefined;
  firmware: string | undefined;
  abilities: Abilities | undefined;
  /** The begin or the end of its last connection. */
  seenAt: EpochMillis;
  /** Its last message, as stored: up to a minute late while it is connected. */
  heardAt: EpochMillis;
  /** Cards were read there. */
  readsCards: boolean;
}

/** Records a new connection; changes no row when its epoch is not higher than the stored one. */
export const stationConnected = (id: StationId, connection: { version: string; epoch: number; at: EpochMillis }): Write => ({
  name: 'station-connected',
  sql: `INSERT INTO station (id, version, epoch, online, seen_at, heard_at) VALUES ($1, $2, $3, 1, $4, $4)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, epoch = excluded.epoch, online = 1, seen_at = excluded.seen_at, heard_at = excluded.heard_at
    WHERE station.epoch < excluded.epoch`,
  values: [id, connection.version, connection.epoch, connection.at],
});
/** Records the end of a connection; changes no row when a newer one exists. */
export const stationGone = (id: StationId, { epoch, at, heardAt }: { epoch: number; at: EpochMillis; heardAt: EpochMillis }): Write => ({
  name: 'station-disconnected',
  sql: 'UPDATE station SET online = 0, seen_at = $3, heard_at = $4 WHERE id = $1 AND epoch = $2',
  values: [id, epoch, at, heardAt],
});
/** Records when the last message of a station arrived. */
export const recordHeard = (id: StationId, at: EpochMillis): Write => ({
  name: 'record-heard',
  sql: 'UPDATE station SET heard_at = $2 WHERE id = $1',
  values: [id, at],
});
/** Marks all stations as offline, at the start of the node. */
export const allStationsGone: Write = { name: 'all-stations-gone', sql: 'UPDATE station SET online = 0', values: [] };
/** Saves vendor, model and firmware of a station. */
export const describeStation = (id: StationId, s: { vendor: string; model: string; firmware: string | undefined }): Write => ({
  name: 'describe-station',
  sql: 'UPDATE station SET vendor = $2, model = $3, firmware = $4 WHERE id = $1',
  values: [id, s.vendor, s.model, orNull(s.firmware)],
});
/** Saves the abilities of a station. */
export const recordAbilities = <A>(id: StationId, abilities: A): Write => ({
  name: 'record-abilities',
  sql: 'UPDATE station SET abilities = $2 WHERE id = $1',
  values: [id, asJson(abilities)],
});

/** Records that a card was read at a station. */
export const recordCardReader = (id: StationId): Write => ({
  name: 'record-card-reader',
  sql: 'UPDATE station SET reads_cards = 1 WHERE id = $1',
  values: [id],
});

const read = <A>(row: Row): StoredStation<A> => ({
  id: stationId(text(row, 'id')),
  version: text(row, 'version'),
  epoch: integer(row, 'epoch'),
  online: flag(row, 'online'),
  vendor: maybeText(row, 'vendor'),
  model: maybeText(row, 'model'),
  firmware: maybeText(row, 'firmware'),
  abilities: maybeJson<A>(row, 'abilities'),
  seenAt: epochMillis(integer(row, 'seen_at')),
  heardAt: epochMillis(maybeInteger(row, 'heard_at') ?? integer(row, 'seen_at')),
  readsCards: flag(row, 'reads_cards'),
});
/** All stations. */
export const allStations = <A>(): Query<StoredStation<A>> => ({ name: 'all-stations', sql: 'SELECT * FROM station ORDER BY id', values: [], read });
/** The station with this id. */
export const stationById = <A>(id: StationId): Query<StoredStation<A>> => ({
  name: 'station-by-id',
  sql: 'SELECT * FROM station WHERE id = $1',
  values: [id],
  read,
});
