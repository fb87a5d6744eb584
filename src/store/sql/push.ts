import { knownSession, type PeerId, peerId, type SessionKey } from '../../domain/ids.ts';
import { asJson, maybeJson, text, truth } from '../row.ts';
import type { Query, Write } from '../store.ts';

/** What a receiver of our sessions holds, as far as it told us. */
export interface Push<Body> {
  session: SessionKey;
  peer: PeerId;
  /** The object as the receiver last acknowledged it. */
  acknowledged: Body | undefined;
  failed: boolean;
}

export const savePush = <B>(push: Push<B>): Write => ({
  name: 'save-push',
  sql: `INSERT INTO push (session_key, peer, acknowledged, failed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (session_key, peer) DO UPDATE SET acknowledged = excluded.acknowledged, failed = excluded.failed`,
  values: [push.session, push.peer, asJson(push.acknowledged), push.failed ? 1 : 0],
});
const read = <B>(row: Parameters<Query<Push<B>>['read']>[0]): Push<B> => ({
  session: knownSession(text(row, 'session_key')),
  peer: peerId(text(row, 'peer')),
  acknowledged: maybeJson<B>(row, 'acknowledged'),
  failed: truth(row, 'failed'),
});
export const pushOf = <B>(session: SessionKey, peer: PeerId): Query<Push<B>> => ({
  name: 'push-of',
  sql: 'SELECT * FROM push WHERE session_key = $1 AND peer = $2',
  values: [session, peer],
  read,
});
export const failedPushes = <B>(): Query<Push<B>> => ({ name: 'failed-pushes', sql: 'SELECT * FROM push WHERE failed = 1', values: [], read });
