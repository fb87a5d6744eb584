import { asPartyKey, asSessionKey, type PartyKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import type { EpochMicros, EpochMillis } from '../../domain/units.ts';
import { flag, integer, mapDefined, maybeText, text } from '../row.ts';
import type { Query, Row } from '../store.ts';
import { coversSession, mayKnowCharge, mayKnowLocation } from './contract.ts';
import { IS_OPEN } from './exchange.ts';
import { IS_RUNNING, readSession, runs, type StoredSession } from './session.ts';

const waitingCount = (kind: string) =>
  `(SELECT COUNT(*) FROM exchange WHERE exchange.session_key = session.key AND exchange.${IS_OPEN} AND exchange.state = 'ACCEPTED' AND exchange.kind = '${kind}' AND exchange.side <> 'sent') AS ${kind}`;
const COLUMNS = `session.key, session.status, session.token_party, session.station, session.evse_uid, session.transaction_id, session.profile_id, ${waitingCount('get')}, ${waitingCount('clear')}`;
const otherPartySending = (party: string) => `(SELECT MIN(exchange.party) FROM exchange WHERE exchange.session_key = session.key AND exchange.${IS_OPEN}
    AND exchange.state IN ('ACCEPTED', 'SENDING') AND exchange.kind = 'set' AND exchange.side <> 'sent' AND exchange.party <> ${party}) AS other`;
/** SQL condition: the session is at a charge point of this node. */
export const AT_OWN_STATION = 'session.peer IS NULL AND session.transaction_id IS NOT NULL';
/** SQL condition: a contract gives the party this right on the row of `session` now. */
export const hasContract = (party: string, now: string, right: 'may_see' | 'may_control') =>
  `EXISTS (SELECT 1 FROM contract WHERE contract.party = ${party} AND contract.${right} = 1 AND ${coversSession(now)})`;
/** SQL condition: the party owns the token of the row of `session`, or a contract lets it see the session now. */
export const maySee = (party: string, now: string) => `(session.token_party = ${party} OR ${hasContract(party, now, 'may_see')})`;

/** The facts of a session that a CPO needs to decide on a request; no row when the party may not see the session (SEC-15). */
export interface SessionAccess {
  key: SessionKey;
  status: string;
  station: StationId;
  evseUid: string;
  transactionId: string;
  profileId: number;
  tokenParty: PartyKey | undefined;
  /** The requesting party owns the session's token, or has a contract that allows control (CP-35). */
  mayControl: boolean;
  /** The kinds of requests that wait and are not sent yet. */
  waiting: readonly string[];
  /** Another party whose SET is waiting or being sent to the charge point. */
  otherPartySending: PartyKey | undefined;
}
/** Reads the access from a row with the columns `accessOf`. */
export const readAccess = (row: Row): SessionAccess => ({
  key: asSessionKey(text(row, 'key')),
  status: text(row, 'status'),
  station: stationId(text(row, 'station')),
  evseUid: text(row, 'evse_uid'),
  transactionId: text(row, 'transaction_id'),
  profileId: integer(row, 'profile_id'),
  tokenParty: mapDefined(maybeText(row, 'token_party'), asPartyKey),
  mayControl: flag(row, 'may'),
  waiting: (['get', 'clear'] as const).filter((kind) => integer(row, kind) > 0),
  otherPartySending: mapDefined(maybeText(row, 'other'), asPartyKey),
});

/** The columns of the access of one party to a session: by its customer's token or by a contract. */
export const accessOf = (party: string, now: string) =>
  `${COLUMNS}, CASE WHEN session.token_party = ${party} THEN 1 WHEN ${hasContract(party, now, 'may_control')} THEN 1 ELSE 0 END AS may, ${otherPartySending(party)}`;
/** The access of the operator, who may see and control every session at an own charge point. */
export const operatorAccess = (key: SessionKey): Query<SessionAccess> => ({
  name: 'operator-access',
  sql: `SELECT ${COLUMNS}, 1 AS may, ${otherPartySending("'operator'")} FROM session WHERE session.key = $1 AND ${AT_OWN_STATION}`,
  values: [key],
  read: readAccess,
});

/** The part of a paginated list: `last_updated` from `from` (inclusive) to `to` (exclusive), then `offset` and `limit`. */
export interface ListWindow {
  from: EpochMicros;
  to: EpochMicros;
  offset: number;
  limit: number;
}
/** The readers of a list: the requesting parties, and the own parties whose customers' sessions are relayed. */
export interface ListReaders {
  parties: readonly PartyKey[];
  relayedFor: readonly PartyKey[];
  now: EpochMillis;
}
/** A session of a list, the party that may read it, and whether that party may know where the session is, and the state of charge of the car. */
export type ReadableSession<B, P> = StoredSession<B, P> & { reader: PartyKey; mayKnowLocation: boolean; mayKnowCharge: boolean };

/**
 * SQL that adds the party that may read each session as a column: the owner of the token (own sessions), or a party with a contract
 * (own sessions, and remote sessions of own customers). Sessions without such a party are left out.
 */
function readable({ parties, relayedFor, now }: ListReaders, w: Pick<ListWindow, 'from' | 'to'>) {
  const values: (string | number)[] = [w.from, w.to, now, ...parties, ...relayedFor];
  const list = (from: number, count: number) => (count === 0 ? '(NULL)' : `(${Array.from({ length: count }, (_, n) => `$${from + n}`).join(', ')})`);
  const requesting = list(4, parties.length);
  const own = list(4 + parties.length, relayedFor.length);
  const byContract = `(SELECT MIN(contract.party) FROM contract WHERE contract.party IN ${requesting} AND ${coversSession('$3')})`;
  const reader = `CASE WHEN session.peer IS NULL AND session.token_party IN ${requesting} THEN session.token_party
    WHEN session.peer IS NULL AND session.token_party IS NOT NULL THEN ${byContract}
    WHEN session.token_party IN ${own} THEN ${byContract} END`;
  const from = `(SELECT session.*, ${reader} AS reader FROM session WHERE session.last_updated >= $1 AND session.last_updated < $2) AS session WHERE session.reader IS NOT NULL`;
  return { name: `${parties.length}-${relayedFor.length}`, from, values };
}

/** One page of the sessions that the readers may see, in the order of storage. */
export function readableSessions<B, P>(readers: ListReaders, w: ListWindow): Query<ReadableSession<B, P>> {
  const { name, from, values } = readable(readers, w);
  const next = values.length + 1;
  return {
    name: `readable-sessions-${name}`,
    sql: `SELECT *, ${mayKnowLocation('session.reader', '$3')} AS may_know_location, ${mayKnowCharge('session.reader', '$3')} AS may_know_charge
      FROM ${from} ORDER BY session.seq LIMIT $${next} OFFSET $${next + 1}`,
    values: [...values, w.limit, w.offset],
    read: (row, vault) => ({
      ...readSession<B, P>(row, vault),
      reader: asPartyKey(text(row, 'reader')),
      mayKnowLocation: flag(row, 'may_know_location'),
      mayKnowCharge: flag(row, 'may_know_charge'),
    }),
  };
}
/** How many sessions all pages have together. */
export function countReadableSessions(readers: ListReaders, w: ListWindow): Query<number> {
  const { name, from, values } = readable(readers, w);
  return { name: `count-readable-sessions-${name}`, sql: `SELECT COUNT(*) AS n FROM ${from}`, values, read: (row) => integer(row, 'n'), pace: 'slow' };
}

/** A party that received or steers a running session and has lost the right to. */
export interface ExpiredRight {
  session: SessionKey;
  party: PartyKey;
  /** The party may still see the session, but not control it. */
  maySee: boolean;
}
/** The running sessions with a record of a party in `table` and without the right that it needs. The owner of the token has every right. */
const withoutRight = (table: string, right: 'may_see' | 'may_control') => {
  const has = (it: 'may_see' | 'may_control') => hasContract(`${table}.party`, '$1', it);
  const sees = right === 'may_see' ? '0' : `CASE WHEN ${has('may_see')} THEN 1 ELSE 0 END`;
  return `SELECT session.key AS session_key, ${table}.party, ${sees} AS sees FROM session JOIN ${table} ON ${table}.session_key = session.key
    WHERE session.${IS_RUNNING} AND ${table}.party <> 'operator' AND ${table}.party <> COALESCE(session.token_party, '') AND NOT ${has(right)}`;
};
/** All expired rights on running sessions; what a halted party controls is found by `controlledBy`. */
export const expiredRights = (now: EpochMillis): Query<ExpiredRight> => ({
  name: 'expired-rights',
  sql: `SELECT session_key, party, MAX(sees) AS sees FROM (${[
    withoutRight('push', 'may_see'),
    withoutRight('relayed', 'may_see'),
    withoutRight('steering', 'may_control'),
    withoutRight('input', 'may_control'),
  ].join(' UNION ALL ')}) AS expired GROUP BY session_key, party ORDER BY session_key, party`,
  values: [now],
  read: (row) => ({ session: asSessionKey(text(row, 'session_key')), party: asPartyKey(text(row, 'party')), maySee: flag(row, 'sees') }),
});

const controlledIn = (table: string) => `SELECT session_key FROM ${table} WHERE party = $1 AND ${runs(`${table}.session_key`)}`;
/** The running sessions that a party controls: it has a profile there, or an open request to set or clear one. */
export const controlledBy = (party: PartyKey): Query<SessionKey> => ({
  name: 'controlled-by',
  sql: `${controlledIn('input')}
    UNION SELECT session_key FROM exchange WHERE ${IS_OPEN} AND party = $1 AND kind <> 'get' AND side IN ('carried', 'relayed') ORDER BY session_key`,
  values: [party],
  read: (row) => asSessionKey(text(row, 'session_key')),
});

/** A session at an own charge point with a token of one of `parties`; no row for other sessions (SEC-15). */
export const sessionOwnedBy = <B, P>(foldedId: string, parties: readonly PartyKey[]): Query<StoredSession<B, P>> => ({
  name: `session-owned-by-${parties.length}`,
  sql: `SELECT * FROM session WHERE folded_id = $1 AND peer IS NULL AND token_party IN (${['NULL', ...parties.map((_, n) => `$${n + 2}`)].join(', ')})`,
  values: [foldedId, ...parties],
  read: readSession<B, P>,
});

/** A session with this id, whoever may see it: a party that names the id of a foreign session is reported. */
export const sessionExists = (foldedId: string): Query<SessionKey> => ({
  name: 'session-exists',
  sql: 'SELECT key FROM session WHERE folded_id = $1 UNION ALL SELECT session_key FROM relayed WHERE id = $1 LIMIT 1',
  values: [foldedId],
  read: (row) => asSessionKey(text(row, 'key')),
});

/** The party that owns the token of the newest session with this id, own or remote. */
export const tokenPartyOf = (foldedId: string): Query<PartyKey> => ({
  name: 'token-party-of',
  sql: 'SELECT token_party FROM session WHERE folded_id = $1 AND token_party IS NOT NULL ORDER BY seq DESC LIMIT 1',
  values: [foldedId],
  read: (row) => asPartyKey(text(row, 'token_party')),
});

/** Running sessions that an SCSP may see by contract and has not received, for example after a new contract or consent. */
export const sessionsToPush = (now: EpochMillis): Query<SessionKey> => ({
  name: 'sessions-to-push',
  sql: `SELECT DISTINCT session.key FROM session JOIN contract ON ${coversSession('$1')} JOIN spoken_for ON spoken_for.party = contract.party AND spoken_for.role = 'SCSP'
    WHERE session.${IS_RUNNING} AND session.token_party IS NOT NULL AND session.token_party <> contract.party
      AND NOT EXISTS (SELECT 1 FROM push WHERE push.session_key = session.key AND push.party = contract.party) ORDER BY session.key`,
  values: [now],
  read: (row) => asSessionKey(text(row, 'key')),
});
