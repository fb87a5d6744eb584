import { asPartyKey, asSessionKey, type PartyKey, type PeerId, peerId, type SessionKey } from '../../domain/ids.ts';
import type { ActiveChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { integer, maybeInteger, maybeJson, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** A sender that once set a profile on a session with success, and so is told of changes until the session ends (CP-18, A-15). */
export interface Steering {
  session: SessionKey;
  party: PartyKey;
  /** The platform that speaks for the party. */
  peer: PeerId;
  since: number;
  pushedProfile: ActiveChargingProfile | undefined;
  pushedAt: number | undefined;
  /** The last push did not arrive: what the sender holds is no longer known to be true. */
  stale: boolean;
}

export const entitle = (session: SessionKey, { party, peer }: Pick<Steering, 'party' | 'peer'>, at: EpochMillis): Write => ({
  name: 'entitle',
  sql: 'INSERT INTO steering (session_key, party, peer, since) VALUES ($1, $2, $3, $4) ON CONFLICT (session_key, party) DO UPDATE SET peer = excluded.peer',
  values: [session, party, peer, at],
});
export const recordPushed = (session: SessionKey, party: PartyKey, told: { profile: ActiveChargingProfile; at: EpochMillis }): Write => ({
  name: 'record-told',
  sql: 'UPDATE steering SET told = $3, told_at = $4, stale = 0 WHERE session_key = $1 AND party = $2',
  values: [session, party, JSON.stringify(told.profile), told.at],
});
export const markStale = (session: SessionKey, party: PartyKey): Write => ({
  name: 'mark-stale',
  sql: 'UPDATE steering SET stale = 1 WHERE session_key = $1 AND party = $2',
  values: [session, party],
});
/** A peer is gone: what it steered is over, but for sessions whose profile must first leave the charge point. */
export const endPeerSteering = (peer: PeerId): Write => ({
  name: 'end-steering',
  sql: "DELETE FROM steering WHERE peer = $1 AND session_key NOT IN (SELECT key FROM session WHERE status = 'ACTIVE')",
  values: [peer],
});
export const endPeerSteeringOf = (session: SessionKey, peer: PeerId): Write => ({
  name: 'end-steering-of',
  sql: 'DELETE FROM steering WHERE session_key = $1 AND peer = $2',
  values: [session, peer],
});
/** One party is told no more of this session. */
export const endPartySteering = (session: SessionKey, party: PartyKey): Write => ({
  name: 'end-steering-by',
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
  stale: integer(row, 'stale') === 1,
});
export const steeringOf = (session: SessionKey): Query<Steering> => ({
  name: 'steering-of',
  sql: 'SELECT * FROM steering WHERE session_key = $1',
  values: [session],
  read,
});
/** Entitled senders of running sessions whose last push failed, or was before that moment. */
export const steeringToReview = (before: EpochMillis): Query<Steering> => ({
  name: 'steering-to-review',
  sql: `SELECT steering.* FROM steering JOIN session ON session.key = steering.session_key
    WHERE (steering.stale = 1 OR steering.told_at <= $1) AND session.status = 'ACTIVE'`,
  values: [before],
  read,
});
/** Sessions on which a peer has a profile that should go when the peer goes. */
export const sessionsSteeredBy = (peer: PeerId): Query<Pick<Steering, 'session' | 'party'>> => ({
  name: 'steered-by',
  sql: `SELECT steering.session_key, steering.party FROM steering JOIN session ON session.key = steering.session_key
    WHERE steering.peer = $1 AND session.status = 'ACTIVE'`,
  values: [peer],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), party: asPartyKey(text(row, 'party')) }),
});
