import { asPartyKey, asSessionKey, type PartyKey, type PeerId, peerId, type SessionKey } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { flag, integer, maybeInteger, maybeJson, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { IS_ACTIVE, IS_OVER, IS_RUNNING, statusOf } from './session.ts';

/** A party whose SET was accepted for a session: it receives changes of the active profile until the session ends (CP-18, A-15). */
export interface Steering {
  session: SessionKey;
  party: PartyKey;
  /** The peer that speaks for the party. */
  peer: PeerId;
  since: number;
  /** The active profile that was last pushed. */
  pushedProfile: ActiveChargingProfile | undefined;
  pushedAt: number | undefined;
  /** The last push failed, so the party may have an outdated profile. */
  stale: boolean;
}

/** Inserts the record of a party that steers a running session; an existing one gets the new peer, and is not written when that is the same. */
export const entitle = (session: SessionKey, { party, peer }: Pick<Steering, 'party' | 'peer'>, at: EpochMillis): Write => ({
  name: 'entitle',
  sql: `INSERT INTO steering (session_key, party, peer, since) SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM session WHERE key = $1 AND ${IS_RUNNING})
    ON CONFLICT (session_key, party) DO UPDATE SET peer = excluded.peer WHERE steering.peer <> excluded.peer`,
  values: [session, party, peer, at],
});
/** Records a pushed active profile. */
export const recordPushed = (session: SessionKey, party: PartyKey, pushed: { profile: ActiveChargingProfile; at: EpochMillis }): Write => ({
  name: 'record-pushed',
  sql: 'UPDATE steering SET told = $3, told_at = $4, stale = 0 WHERE session_key = $1 AND party = $2',
  values: [session, party, JSON.stringify(pushed.profile), pushed.at],
});
/** Records that a push failed. */
export const markStale = (session: SessionKey, party: PartyKey): Write => ({
  name: 'mark-stale',
  sql: 'UPDATE steering SET stale = 1 WHERE session_key = $1 AND party = $2',
  values: [session, party],
});
/** The parties that have a profile on the session, or one of them: belongs before the profiles are dropped, so that each of them is told what holds, whatever it was told before. */
export const markDroppedStale = (session: SessionKey, party?: PartyKey): Write => ({
  name: party === undefined ? 'mark-dropped-stale' : 'mark-one-dropped-stale',
  sql: `UPDATE steering SET stale = 1 WHERE session_key = $1 AND party IN
    (SELECT input.party FROM input WHERE input.session_key = $1${party === undefined ? '' : ' AND input.party = $2'})`,
  values: party === undefined ? [session] : [session, party],
});
/** A party that was halted may control again: it is told what holds on its ACTIVE sessions, whatever it was told before. */
export const markPartyStale = (party: PartyKey): Write => ({
  name: 'mark-party-stale',
  sql: `UPDATE steering SET stale = 1 WHERE party = $1 AND ${statusOf('steering.session_key')} = 'ACTIVE'`,
  values: [party],
});
/** After the end of a peer: deletes its records, except of ACTIVE sessions, whose profiles must be withdrawn first. */
export const endPeerSteering = (peer: PeerId): Write => ({
  name: 'end-peer-steering',
  sql: `DELETE FROM steering WHERE peer = $1 AND COALESCE(${statusOf('steering.session_key')}, '') <> 'ACTIVE'`,
  values: [peer],
});
/** Deletes all records of a session if it has ended; belongs in the transaction that ends it. */
export const endSteering = (session: SessionKey): Write => ({
  name: 'end-steering',
  sql: `DELETE FROM steering WHERE session_key = $1 AND EXISTS (SELECT 1 FROM session WHERE key = $1 AND ${IS_OVER})`,
  values: [session],
});
/** Deletes the record of a peer on one session. */
export const endPeerSteeringOf = (session: SessionKey, peer: PeerId): Write => ({
  name: 'end-peer-steering-of',
  sql: 'DELETE FROM steering WHERE session_key = $1 AND peer = $2',
  values: [session, peer],
});
/** Deletes the record of one party on one session. */
export const endPartySteering = (session: SessionKey, party: PartyKey): Write => ({
  name: 'end-party-steering',
  sql: 'DELETE FROM steering WHERE session_key = $1 AND party = $2',
  values: [session, party],
});

const read = (row: Row): Steering => ({
  session: asSessionKey(text(row, 'session_key')),
  party: asPartyKey(text(row, 'party')),
  peer: peerId(text(row, 'peer')),
  since: integer(row, 'since'),
  pushedProfile: maybeJson(row, 'told'),
  pushedAt: maybeInteger(row, 'told_at'),
  stale: flag(row, 'stale'),
});
/** All parties that steer a session. */
export const steeringOf = (session: SessionKey): Query<Steering> => ({
  name: 'steering-of',
  sql: 'SELECT * FROM steering WHERE session_key = $1',
  values: [session],
  read,
});
/** Records of ACTIVE sessions whose last push failed or was at or before `before`. */
export const steeringToReview = (before: EpochMillis): Query<Steering> => ({
  name: 'steering-to-review',
  sql: `SELECT steering.* FROM steering JOIN session ON session.key = steering.session_key
    WHERE (steering.stale = 1 OR steering.told_at <= $1) AND ${IS_ACTIVE}`,
  values: [before],
  read,
});
/** The ACTIVE sessions whose active profile a party is told of. */
export const sessionsToldTo = (party: PartyKey): Query<SessionKey> => ({
  name: 'sessions-told-to',
  sql: `SELECT session_key FROM steering WHERE party = $1 AND ${statusOf('steering.session_key')} = 'ACTIVE' ORDER BY session_key`,
  values: [party],
  read: (row) => asSessionKey(text(row, 'session_key')),
});
/** The parties that steer ACTIVE sessions, or steered them: a record stays after the party's profile was withdrawn. */
export const steeringNow: Query<Pick<Steering, 'session' | 'party'>> = {
  name: 'steering-now',
  sql: `SELECT steering.session_key, steering.party FROM session JOIN steering ON steering.session_key = session.key
    WHERE ${IS_ACTIVE} ORDER BY steering.party, steering.session_key`,
  values: [],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), party: asPartyKey(text(row, 'party')) }),
};
/** The ACTIVE sessions that a peer steers; their profiles are withdrawn when the peer ends. */
export const sessionsSteeredBy = (peer: PeerId): Query<Pick<Steering, 'session' | 'party'>> => ({
  name: 'sessions-steered-by',
  sql: `SELECT session_key, party FROM steering WHERE peer = $1 AND ${statusOf('steering.session_key')} = 'ACTIVE'`,
  values: [peer],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), party: asPartyKey(text(row, 'party')) }),
});
