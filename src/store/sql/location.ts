import type { FieldVersions } from '../../domain/field-versions.ts';
import { asLocationKey, type LocationKey, type PeerId, peerId } from '../../domain/ids.ts';
import { type EpochMicros, type EpochMillis, epochMicros } from '../../domain/units.ts';
import { enumValue, integer, json, mapDefined, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { coversLocation } from './contract.ts';
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
  /** The peers that are told of an own location: all, those with a contract that covers it, or none. */
  audience: Audience;
}

const AUDIENCES = ['ALL', 'CONTRACTS', 'NOBODY'] as const;
type Audience = (typeof AUDIENCES)[number];

/** A peer that reads own locations. */
export interface LocationReader {
  peer: PeerId;
  now: EpochMillis;
}

/** Saves a location. A peer cannot replace an own location; a remote one moves to the peer that speaks for its party now. */
export const saveLocation = <B>(it: Omit<StoredLocation<B>, 'seq'>): Write => ({
  name: 'save-location',
  sql: `INSERT INTO location (key, peer, last_updated, body, version, changed, chars, audience) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (key) DO UPDATE SET peer = excluded.peer, last_updated = excluded.last_updated, body = excluded.body, version = excluded.version,
      changed = excluded.changed, chars = excluded.chars, audience = excluded.audience
    WHERE (location.peer IS NULL) = (excluded.peer IS NULL)`,
  values: [it.key, orNull(it.peer), it.lastUpdated, JSON.stringify(it.body), it.version, JSON.stringify(it.changed), it.chars, it.audience],
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
  audience: enumValue(row, 'audience', AUDIENCES),
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
/** SQL condition: the peer is told of the own location. */
const isTold = (peer: string, now: string) => `(location.audience = 'ALL' OR (location.audience = 'CONTRACTS' AND EXISTS (
    SELECT 1 FROM contract JOIN spoken_for ON spoken_for.party = contract.party WHERE spoken_for.peer = ${peer} AND ${coversLocation(now)})))`;
/** The own location with this key, if the peer is told of it. */
export const ownLocationFor = <B>(key: LocationKey, { peer, now }: LocationReader) =>
  select<B>('own-location-for', `WHERE key = $1 AND peer IS NULL AND ${isTold('$2', '$3')}`, [key, peer, now]);
/** All own locations, in the order of storage. */
export const allOwnLocations = <B>() => select<B>('all-own-locations', 'WHERE peer IS NULL ORDER BY +seq', []);
/** Own and remote locations with numbers below `before`, newest first. */
export const newestLocations = <B>(before: number, limit: number) =>
  select<B>('newest-locations', 'WHERE seq < $1 ORDER BY seq DESC LIMIT $2', [before, limit]);

/** SQL: the own locations of a window that the peer is told of. */
const IN_WINDOW = `location.peer IS NULL AND location.last_updated >= $1 AND location.last_updated < $2 AND ${isTold('$3', '$4')}`;
/** SQL: one page of the own locations that the peer is told of, in the order of storage; its values are those of `pageValues`. */
export const PAGE_OF_OWN = `${IN_WINDOW} ORDER BY location.seq LIMIT $5 OFFSET $6`;
/** The values of `PAGE_OF_OWN`. */
export const pageValues = (w: ListWindow, { peer, now }: LocationReader): Query<unknown>['values'] => [w.from, w.to, peer, now, w.limit, w.offset];
/** One page of the own locations that the peer is told of. */
export const ownLocations = <B>(w: ListWindow, reader: LocationReader) => select<B>('own-locations', `WHERE ${PAGE_OF_OWN}`, pageValues(w, reader));
/** How many own locations all pages have together. */
export const countOwnLocations = (w: ListWindow, { peer, now }: LocationReader): Query<number> => ({
  name: 'count-own-locations',
  sql: `SELECT COUNT(*) AS n FROM location WHERE ${IN_WINDOW}`,
  values: [w.from, w.to, peer, now],
  read: (row) => integer(row, 'n'),
  pace: 'slow',
});
