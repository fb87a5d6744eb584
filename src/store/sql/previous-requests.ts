import type { Exchange } from '../../domain/exchange.ts';
import {
  asPartyKey,
  asSessionKey,
  type ExchangeId,
  exchangeId,
  type PartyKey,
  type PeerId,
  peerId,
  type SessionKey,
  type StationId,
  stationId,
} from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, mapDefined, maybeText, text } from '../row.ts';
import type { Query } from '../store.ts';
import { IS_OPEN } from './exchange.ts';

/** How many SETs for a session own parties, and parties whose requests are relayed, have sent to a peer. */
export const countSetsAtPeer = (session: SessionKey, peer: PeerId): Query<number> => ({
  name: 'count-sets-at-peer',
  sql: `SELECT COUNT(*) AS n FROM exchange
    WHERE session_key = $1 AND kind = 'set' AND ((side = 'sent' AND peer = $2) OR (side = 'relayed' AND upstream = $2))`,
  values: [session, peer],
  read: (row) => integer(row, 'n'),
});

/** Requests of peers that were accepted after `since`, oldest first; at most the `most` newest exchanges are searched. The comparison keeps PostgreSQL from the index of X-Request-IDs. */
export const recentRequests = (
  since: EpochMillis,
  most: number,
): Query<{ party: PartyKey; session: SessionKey; station: StationId | undefined; profile: ChargingProfile | undefined; at: EpochMillis }> => ({
  name: 'recent-requests',
  sql: `SELECT party, session_key, station, ask, accepted_at FROM exchange
    WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM exchange) - $2 AND accepted_at > $1 AND side IN ('carried', 'relayed') AND declined < 1 ORDER BY seq`,
  values: [since, most],
  read: (row) => {
    const ask = json<Exchange['ask']>(row, 'ask');
    return {
      party: asPartyKey(text(row, 'party')),
      session: asSessionKey(text(row, 'session_key')),
      station: mapDefined(maybeText(row, 'station'), stationId),
      profile: ask.kind === 'set' ? ask.profile : undefined,
      at: epochMillis(integer(row, 'accepted_at')),
    };
  },
});

/** A SET about a session at a CPO whose result is not known yet; `ours`: an own party sent it. */
export interface OpenSet {
  by: PartyKey;
  peer: PeerId;
  ours: boolean;
  profile: ChargingProfile;
}
/** The open SETs about a session at its CPO, oldest first. */
export const openSetsAtCpo = (session: SessionKey): Query<OpenSet> => ({
  name: 'open-sets-at-cpo',
  sql: `SELECT party, peer, side, ask FROM exchange WHERE session_key = $1 AND ${IS_OPEN} AND kind = 'set' AND state IN ('POSTING', 'AWAITING') ORDER BY seq`,
  values: [session],
  read: (row) => ({
    by: asPartyKey(text(row, 'party')),
    peer: peerId(text(row, 'peer')),
    ours: text(row, 'side') === 'sent',
    profile: json<Extract<Exchange['ask'], { kind: 'set' }>>(row, 'ask').profile,
  }),
});

/** An open CLEAR that an own party sent to the CPO of a session, or that withdraws the profile of `party` at an own charge point. */
export const clearUnderWay = (session: SessionKey, party: PartyKey): Query<ExchangeId> => ({
  name: 'clear-under-way',
  sql: `SELECT id FROM exchange
    WHERE session_key = $1 AND ${IS_OPEN} AND kind = 'clear' AND (side = 'sent' OR (side = 'own' AND party = $2)) LIMIT 1`,
  values: [session, party],
  read: (row) => exchangeId(text(row, 'id')),
});

/** Whether the last confirmed SET or CLEAR that an own party sent to the CPO of a session was a SET; no row when there is none. */
export const ownProfileIsSet = (session: SessionKey): Query<boolean> => ({
  name: 'own-profile-is-set',
  sql: `SELECT kind FROM exchange WHERE session_key = $1 AND side = 'sent' AND kind IN ('set', 'clear') AND state = 'CONFIRMED' ORDER BY seq DESC LIMIT 1`,
  values: [session],
  read: (row) => text(row, 'kind') === 'set',
});
