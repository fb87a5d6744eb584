import { asLocationKey, type LocationKey, type PeerId, peerId } from '../../domain/ids.ts';
import { asJson, flag, maybeJson, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** What a receiver of our locations holds of one, as far as it told us. */
export interface LocationPush<Body> {
  location: LocationKey;
  peer: PeerId;
  /** The object as the receiver last acknowledged it. */
  acknowledged: Body | undefined;
  failed: boolean;
}

export const saveLocationPush = <B>(push: LocationPush<B>): Write => ({
  name: 'save-location-push',
  sql: `INSERT INTO location_push (location_key, peer, acknowledged, failed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (location_key, peer) DO UPDATE SET acknowledged = excluded.acknowledged, failed = excluded.failed`,
  values: [push.location, push.peer, asJson(push.acknowledged), push.failed ? 1 : 0],
});
const read = <B>(row: Row): LocationPush<B> => ({
  location: asLocationKey(text(row, 'location_key')),
  peer: peerId(text(row, 'peer')),
  acknowledged: maybeJson<B>(row, 'acknowledged'),
  failed: flag(row, 'failed'),
});
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
export const allLocationPushes = pairs('all-location-pushes', 'ORDER BY location_key, peer');
export const failedLocationPushes = pairs('failed-location-pushes', 'WHERE failed = 1');
