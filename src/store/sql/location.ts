import type { FieldVersions } from '../../domain/field-versions.ts';
import { asLocationKey, type LocationKey, type PeerId, peerId } from '../../domain/ids.ts';
import { type EpochMicros, epochMicros } from '../../domain/units.ts';
import { integer, json, mapDefined, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import type { ListWindow } from './session-rights.ts';

/** A location in the store, without its EVSEs (`location-evse.ts`): an own one when `peer` is undefined, else a remote one from that peer. */
export interface StoredLocation<Body> {
  seq: number;
  key: LocationKey;
  peer: PeerId | undefined;
  lastUpdated: EpochMicros;
  body: Body;
  /** Counts the changes of the location and of its EVSEs. */
  version: number;
  /** For own locations only. */
  changed: FieldVersions;
  /** Characters of all its EVSEs as JSON; for remote locations only. */
  chars: number;
}

/** Saves a location. A peer cannot replace an own location; a remote one moves to the peer that speaks for its party now. */
export const saveLocation = <B>(it: Omit<StoredLocation<B>, 'seq'>): Write => ({
  name: 'save-location',
  sql: `INSERT INTO location (key, peer, last_updated, body, version, changed, chars) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (key) DO UPDATE SET peer = excluded.peer, last_updated = excluded.last_updated, body = excluded.body, version = excluded.version,
      changed = excluded.changed, chars = excluded.chars
    WHERE (location.peer IS NULL) = (excluded.peer IS NULL)`,
  values: [it.key, orNull(it.peer), it.lastUpdated, JSON.stringify(it.body), it.version, JSON.stringify(it.changed), it.chars],
});

const read = <B>(row: Row): StoredLocation<B> => ({
  seq: integer(row, 'seq'),
  key: asLocationKey(text(row, 'key')),
  peer: mapDefined(maybeText(row, 'peer'), peerId),
  lastUpdated: epochMicros(integer(row, 'last_updated')),
  body: json<B>(row, 'body'),
  version: integer(row, 'version'),
  changed: json<FieldVersions>(row, 'changed'),
  chars: integer(row, 'chars'),
});
const select = <B>(name: string, tail: string, values: Query<unknown>['values']): Query<StoredLocation<B>> => ({
  name,
  sql: `SELECT * FROM location ${tail}`,
  values,
  read,
});

/** The remote location with this key. */
export const remoteLocation = <B>(key: LocationKey) => select<B>('remote-location', 'WHERE key = $1 AND peer IS NOT NULL', [key]);
/** The own location with this key. */
export const ownLocation = <B>(key: LocationKey) => select<B>('own-location', 'WHERE key = $1 AND peer IS NULL', [key]);
/** All own locations, in the order of storage. */
export const allOwnLocations = <B>() => select<B>('all-own-locations', 'WHERE peer IS NULL ORDER BY seq', []);
/** Own and remote locations with numbers below `before`, newest first. */
export const newestLocations = <B>(before: number, limit: number) =>
  select<B>('newest-locations', 'WHERE seq < $1 ORDER BY seq DESC LIMIT $2', [before, limit]);

const IN_WINDOW = 'peer IS NULL AND last_updated >= $1 AND last_updated < $2';
/** One page of the own locations. */
export const ownLocations = <B>(w: ListWindow) =>
  select<B>('own-locations', `WHERE ${IN_WINDOW} ORDER BY seq LIMIT $3 OFFSET $4`, [w.from, w.to, w.limit, w.offset]);
/** How many own locations all pages have together. */
export const countOwnLocations = (w: ListWindow): Query<number> => ({
  name: 'count-own-locations',
  sql: `SELECT COUNT(*) AS n FROM location WHERE ${IN_WINDOW}`,
  values: [w.from, w.to],
  read: (row) => integer(row, 'n'),
  pace: 'slow',
});
