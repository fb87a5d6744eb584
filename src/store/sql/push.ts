import { asPartyKey, asSessionKey, type DriverId, type PartyKey, type PeerId, peerId, type SessionKey } from '../../domain/ids.ts';
import { decryptedJson, encryptedJson } from '../personal.ts';
import { flag, maybeText, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';

/** What a receiver of our sessions holds, as far as it told us. */
export interface Push<Body> {
  session: SessionKey;
  /** Whom it was told to, and the platform that this party is on. */
  party: PartyKey;
  peer: PeerId;
  /** The object as the receiver last acknowledged it. */
  acknowledged: Body | undefined;
  failed: boolean;
}

export const savePush = <B>(push: Push<B> & { driver: DriverId | undefined }): Write => ({
  name: 'save-push',
  sql: `INSERT INTO push (session_key, party, peer, acknowledged, failed) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (session_key, party) DO UPDATE SET peer = excluded.peer, acknowledged = excluded.acknowledged, failed = excluded.failed`,
  values: [
    push.session,
    push.party,
    push.peer,
    push.acknowledged === undefined ? null : encryptedJson(push.acknowledged, { driver: push.driver, copy: true }),
    push.failed ? 1 : 0,
  ],
});
/** The party may not know of the session any more: what it held is not kept either. */
export const dropPush = (session: SessionKey, party: PartyKey): Write => ({
  name: 'drop-push',
  sql: 'DELETE FROM push WHERE session_key = $1 AND party = $2',
  values: [session, party],
});
const read = <B>(row: Row, vault: Vault): Push<B> => ({
  session: asSessionKey(text(row, 'session_key')),
  party: asPartyKey(text(row, 'party')),
  peer: peerId(text(row, 'peer')),
  acknowledged: maybeText(row, 'acknowledged') === undefined ? undefined : decryptedJson<B>(row, 'acknowledged', vault),
  failed: flag(row, 'failed'),
});
export const pushOf = <B>(session: SessionKey, party: PartyKey): Query<Push<B>> => ({
  name: 'push-of',
  sql: 'SELECT * FROM push WHERE session_key = $1 AND party = $2',
  values: [session, party],
  read,
});
export const failedPushes = <B>(): Query<Push<B>> => ({ name: 'failed-pushes', sql: 'SELECT * FROM push WHERE failed = 1', values: [], read });
