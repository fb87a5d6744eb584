import { asPartyKey, asSessionKey, type DriverId, type PartyKey, type PeerId, peerId, type SessionKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { decryptedJson, encryptedJson } from '../personal.ts';
import { flag, mapDefined, maybeInteger, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Vault, Write } from '../store.ts';

/** What a party has received of a session. */
export interface Push<Body> {
  session: SessionKey;
  /** The receiving party, and the peer that speaks for it. */
  party: PartyKey;
  peer: PeerId;
  /** The session as the party last acknowledged it. */
  acknowledged: Body | undefined;
  /** The last push failed. */
  failed: boolean;
  /** When the last push was tried; undefined: by an earlier release. */
  pushedAt: EpochMillis | undefined;
}

/** Saves the state of a party. */
export const savePush = <B>(push: Push<B> & { driver: DriverId | undefined }): Write => ({
  name: 'save-push',
  sql: `INSERT INTO push (session_key, party, peer, acknowledged, failed, pushed_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (session_key, party) DO UPDATE SET peer = excluded.peer, acknowledged = excluded.acknowledged, failed = excluded.failed,
      pushed_at = excluded.pushed_at`,
  values: [
    push.session,
    push.party,
    push.peer,
    push.acknowledged === undefined ? null : encryptedJson(push.acknowledged, { driver: push.driver, copy: true }),
    push.failed ? 1 : 0,
    orNull(push.pushedAt),
  ],
});
/** Deletes the state of a party that may not see the session any more. */
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
  pushedAt: mapDefined(maybeInteger(row, 'pushed_at'), epochMillis),
});
/** What one party has received of one session. */
export const pushOf = <B>(session: SessionKey, party: PartyKey): Query<Push<B>> => ({
  name: 'push-of',
  sql: 'SELECT * FROM push WHERE session_key = $1 AND party = $2',
  values: [session, party],
  read,
});
/** The sessions and parties whose last push failed. */
export const failedPushes: Query<Pick<Push<never>, 'session' | 'party'>> = {
  name: 'failed-pushes',
  sql: 'SELECT session_key, party FROM push WHERE failed = 1',
  values: [],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), party: asPartyKey(text(row, 'party')) }),
};
