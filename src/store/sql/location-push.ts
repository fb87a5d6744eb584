import { asLocationKey, type LocationKey, type PeerId, peerId } from '../../domain/ids.ts';
import { flag, maybeInteger, maybeJson, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** What a peer has received of an own location. */
export interface LocationPush<Body> {
  location: LocationKey;
  peer: PeerId;
  /** The version of the location that the peer has acknowledged; undefined when the last push failed, or was made by an older release. */
  version: number | undefined;
  /** The whole location that the peer acknowledged to an older release, until the next push. */
  acknowledged: Body | undefined;
  /** The last push failed. */
  failed: boolean;
}

/** Saves the state of a peer. */
export const saveLocationPush = (push: Omit<LocationPush<never>, 'acknowledged'>): Write => ({
  name: 'save-location-push',
  sql: `INSERT INTO location_push (location_key, peer, version, failed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (location_key, peer) DO UPDATE SET version = excluded.version, acknowledged = NULL, failed = excluded.failed`,
  values: [push.location, push.peer, orNull(push.version), push.failed ? 1 : 0],
});
const read = <B>(row: Row): LocationPush<B> => ({
  location: asLocationKey(text(row, 'location_key')),
  peer: peerId(text(row, 'peer')),
  version: maybeInteger(row, 'version'),
  acknowledged: maybeJson<B>(row, 'acknowledged'),
  failed: flag(row, 'failed'),
});
/** What one peer has received of one location. */
export const locationPushOf = <B>(location: LocationKey, peer: PeerId): Query<LocationPush<B>> => ({
  name: 'location-push-of',
  sql: 'SELECT * FROM location_push WHERE location_key = $1 AND peer = $2',
  values: [location, peer],
  read,
});
const pairs = (name: string, tail: string): Query<Pick<LocationPush<never>, 'location' | 'peer'>> => ({
  name,
  sql: `SELECT location_key, peer FROM location_push ${tail}`,
  values: [],
  read: (row) => ({ location: asLocationKey(text(row, 'location_key')), peer: peerId(text(row, 'peer')) }),
});
/** All pairs of location and peer. */
export const allLocationPushes = pairs('all-location-pushes', 'ORDER BY location_key, peer');
/** The pairs of location and peer whose last push failed. */
export const failedLocationPushes = pairs('failed-location-pushes', 'WHERE failed = 1');
