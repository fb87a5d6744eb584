import type { FieldVersions } from '../../domain/field-versions.ts';
import { asLocationKey, fold, type LocationKey } from '../../domain/ids.ts';
import { integer, json, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { type LocationReader, PAGE_OF_OWN, pageValues } from './location.ts';
import type { ListWindow } from './session-rights.ts';

/** One EVSE of a location in the store. */
export interface StoredEvse<Evse> {
  location: LocationKey;
  /** The position in the list of the location: lower ones come first. */
  place: number;
  /** The version of the location at which the EVSE changed last. */
  version: number;
  /** For own locations only. */
  changed: FieldVersions;
  body: Evse;
}

/** SQL condition: the location is of the right kind, so that a peer cannot change the EVSEs of an own location. */
const isOfKind = (own: string) => `EXISTS (SELECT 1 FROM location WHERE location.key = $1 AND CASE WHEN location.peer IS NULL THEN 1 ELSE 0 END = ${own})`;
/** Saves an EVSE of an own or of a remote location. Uids that differ only in case are the same. */
export const saveEvse = <E extends { uid: string }>({ location, place, version, changed, body }: StoredEvse<E>, of: 'own' | 'remote'): Write => ({
  name: 'save-evse',
  sql: `INSERT INTO location_evse (location_key, uid, place, version, changed, body) SELECT $1, $2, $3, $4, $5, $6 WHERE ${isOfKind('$7')}
    ON CONFLICT (location_key, uid) DO UPDATE SET place = excluded.place, version = excluded.version, changed = excluded.changed, body = excluded.body`,
  values: [location, fold(body.uid), place, version, JSON.stringify(changed), JSON.stringify(body), of === 'own' ? 1 : 0],
});
/** Deletes an EVSE of a remote location. */
export const dropRemoteEvse = (location: LocationKey, uid: string): Write => ({
  name: 'drop-remote-evse',
  sql: `DELETE FROM location_evse WHERE location_key = $1 AND uid = $2 AND ${isOfKind('0')}`,
  values: [location, fold(uid)],
});

const read = <E>(row: Row): StoredEvse<E> => ({
  location: asLocationKey(text(row, 'location_key')),
  place: integer(row, 'place'),
  version: integer(row, 'version'),
  changed: json<FieldVersions>(row, 'changed'),
  body: json<E>(row, 'body'),
});
const select = <E>(name: string, tail: string, values: Query<unknown>['values']): Query<StoredEvse<E>> => ({
  name,
  sql: `SELECT location_evse.* FROM ${tail}`,
  values,
  read,
});
/** One EVSE of a location; case does not count. */
export const evseOfLocation = <E>(location: LocationKey, uid: string) =>
  select<E>('evse-of-location', 'location_evse WHERE location_key = $1 AND uid = $2', [location, fold(uid)]);
/** All EVSEs of a location, in their order. */
export const evsesOfLocation = <E>(location: LocationKey) => select<E>('evses-of-location', 'location_evse WHERE location_key = $1 ORDER BY place', [location]);
/** The EVSEs of a location that changed after a version, in the order of their changes. */
export const evsesChangedSince = <E>(location: LocationKey, { version, limit }: { version: number; limit: number }) =>
  select<E>('evses-changed-since', 'location_evse WHERE location_key = $1 AND version > $2 ORDER BY version LIMIT $3', [location, version, limit]);

/** CROSS JOIN keeps SQLite from reading all EVSEs in the order of the result, and looking for the location of each. */
const ofPage = (page: string) => `(SELECT key FROM location WHERE ${page}) AS page CROSS JOIN location_evse WHERE location_evse.location_key = page.key
  ORDER BY location_evse.location_key, location_evse.place`;
/** The EVSEs of one page of the own locations, as `ownLocations` lists it; location by location, in their order. */
export const evsesOfOwnLocations = <E>(w: ListWindow, reader: LocationReader) =>
  select<E>('evses-of-own-locations', ofPage(PAGE_OF_OWN), pageValues(w, reader));
/** The EVSEs of the locations that `newestLocations` lists; location by location, in their order. */
export const evsesOfNewestLocations = <E>(before: number, limit: number) =>
  select<E>('evses-of-newest-locations', ofPage('seq < $1 ORDER BY seq DESC LIMIT $2'), [before, limit]);
