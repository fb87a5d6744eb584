import { EXCHANGE_STATES, type Exchange, type ExchangeState, OPEN_STATES, type Outcome, RESPONSES, RESULTS, SIDES } from '../../domain/exchange.ts';
import {
  asPartyKey,
  asSessionKey,
  type ExchangeId,
  exchangeId,
  type MessageId,
  messageId,
  type PartyKey,
  type PeerId,
  peerId,
  type SessionKey,
  stationId,
} from '../../domain/ids.ts';
import { type EpochMillis, epochMillis, seconds } from '../../domain/units.ts';
import { enumValue, flag, integer, json, mapDefined, maybeInteger, maybeJson, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { exceptParties } from './except-parties.ts';

/** SQL condition of open exchanges. It repeats the text of the partial index, because the query planner uses the index only then. */
export const IS_OPEN = `state IN (${OPEN_STATES.map((state) => `'${state}'`).join(', ')})`;
/**
 * An exchange in the store, with its encrypted response_url and its number in the order of acceptance. `declined`: this node refused the
 * request itself, so it was never accepted.
 */
export type StoredExchange = Omit<Exchange, 'responseUrl'> & { seq: number; encryptedUrl: string | undefined; declined?: true };

/** Reads an exchange from a row. */
export const readExchange = (row: Row): StoredExchange => ({
  seq: integer(row, 'seq'),
  id: exchangeId(text(row, 'id')),
  side: enumValue(row, 'side', SIDES),
  peer: peerId(text(row, 'peer')),
  party: asPartyKey(text(row, 'party')),
  upstream: mapDefined(maybeText(row, 'upstream'), peerId),
  session: asSessionKey(text(row, 'session_key')),
  edition: text(row, 'edition'),
  ask: json(row, 'ask'),
  requestId: text(row, 'request_id'),
  correlationId: text(row, 'correlation_id'),
  bodyHash: text(row, 'body_hash'),
  encryptedUrl: maybeText(row, 'url'),
  acceptedAt: epochMillis(integer(row, 'accepted_at')),
  deadline: epochMillis(integer(row, 'deadline')),
  timeout: seconds(integer(row, 'timeout')),
  state: enumValue(row, 'state', EXCHANGE_STATES),
  reason: maybeText(row, 'reason'),
  result: maybeText(row, 'result') === undefined ? undefined : enumValue(row, 'result', [...RESPONSES, ...RESULTS]),
  outcome: maybeJson<Outcome>(row, 'outcome'),
  message: maybeText(row, 'message'),
  relayedOutcome: maybeText(row, 'relayed_outcome'),
  station: mapDefined(maybeText(row, 'station'), stationId),
  profileId: maybeInteger(row, 'profile_id'),
  messageId: mapDefined(maybeText(row, 'message_id'), messageId),
  earlierMessageId: mapDefined(maybeText(row, 'earlier_message_id'), messageId),
  sentAt: mapDefined(maybeInteger(row, 'sent_at'), epochMillis),
  endedAt: mapDefined(maybeInteger(row, 'ended_at'), epochMillis),
  ...(flag(row, 'declined') && { declined: true }),
});

/** Reads exchanges: `tail` follows the name of the table. */
export const selectExchanges = (name: string, tail: string, values: Query<unknown>['values']): Query<StoredExchange> => ({
  name,
  sql: `SELECT * FROM exchange ${tail}`,
  values,
  read: readExchange,
});

/** A new exchange, before any later state. */
export type NewExchange = Pick<
  Exchange,
  | 'id'
  | 'side'
  | 'ask'
  | 'peer'
  | 'party'
  | 'session'
  | 'edition'
  | 'requestId'
  | 'correlationId'
  | 'bodyHash'
  | 'acceptedAt'
  | 'deadline'
  | 'timeout'
  | 'state'
  | 'station'
  | 'profileId'
> & {
  upstream?: PeerId;
  /** The id of the user or API key that requests it for the operator. */
  author?: string;
};

/** What must hold when an exchange is inserted: the FROM and WHERE of the insert. Its SQL may use the values of the insert, and its own from $22 on. */
export interface InsertCondition {
  name: string;
  sql: string;
  values: readonly string[];
}
const ALWAYS: InsertCondition = { name: 'always', sql: 'WHERE 1 = 1', values: [] };

/** The first columns of every exchange: which request it is. `requestValues` has their values, $1 to $9. */
export const REQUEST_COLUMNS = 'id, side, kind, peer, session_key, edition, request_id, correlation_id, body_hash';
export const requestValues = (x: NewExchange) => [x.id, x.side, x.ask.kind, x.peer, x.session, x.edition, x.requestId, x.correlationId, x.bodyHash];

/**
 * Commit 1, ACCEPTED: inserts an exchange. Changes no row when the peer has used this X-Request-ID before, or when the condition does not
 * hold (see exchange-conditions.ts).
 */
export const insertExchange = (
  x: NewExchange,
  hidden: { encryptedUrl?: string; resultHash?: string },
  { name, sql, values }: InsertCondition = ALWAYS,
): Write => ({
  name: `insert-exchange-${name}`,
  sql: `INSERT INTO exchange (${REQUEST_COLUMNS}, url, result_hash, ask,
      accepted_at, deadline, timeout, state, party, upstream, station, profile_id, author)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21 ${sql}
    ON CONFLICT (peer, request_id) WHERE declined = 0 DO NOTHING`,
  serial: x.session,
  values: [
    ...requestValues(x),
    orNull(hidden.encryptedUrl),
    orNull(hidden.resultHash),
    JSON.stringify(x.ask),
    x.acceptedAt,
    x.deadline,
    x.timeout,
    x.state,
    x.party,
    orNull(x.upstream),
    orNull(x.station),
    orNull(x.profileId),
    orNull(x.author),
    ...values,
  ],
});

/** Gives older SETs of a session that were not sent yet the result REJECTED, except those of the parties in `keep`; returns the rows. */
export const supersedeOlderSets = (session: SessionKey, newest: ExchangeId, { at, keep }: { at: EpochMillis; keep: readonly PartyKey[] }): Write => ({
  name: `supersede-older-sets-but-${keep.length}`,
  sql: `UPDATE exchange SET state = 'RESULT', result = 'REJECTED', reason = 'superseded', outcome = '{"result":"REJECTED"}', resulted_at = $3
    WHERE session_key = $1 AND ${IS_OPEN} AND kind = 'set' AND state = 'ACCEPTED' AND side <> 'sent' AND seq < (SELECT seq FROM exchange WHERE id = $2)
      ${exceptParties('party', 4, keep)}
    RETURNING *`,
  values: [session, newest, at, ...keep],
});

/** After the end of a session: gives unsent exchanges a result, UNKNOWN for a CLEAR and REJECTED for others; returns the rows. */
export const endUnsent = (session: SessionKey, at: EpochMillis): Write => ({
  name: 'end-unsent',
  sql: `UPDATE exchange SET state = 'RESULT', reason = 'session_ended', resulted_at = $2,
      result = CASE kind WHEN 'clear' THEN 'UNKNOWN' ELSE 'REJECTED' END,
      outcome = CASE kind WHEN 'clear' THEN '{"result":"UNKNOWN"}' ELSE '{"result":"REJECTED"}' END
    WHERE session_key = $1 AND ${IS_OPEN} AND state = 'ACCEPTED' AND side <> 'sent' RETURNING *`,
  values: [session, at],
  serial: session,
});

/** After the end of a peer: cancels its open exchanges, also relayed ones; returns the rows. A result that is being posted stays. */
export const cancelOpenOfPeer = (peer: PeerId, at: EpochMillis): Write => ({
  name: 'cancel-open-of-peer',
  sql: `UPDATE exchange SET state = 'CANCELLED', reason = 'credentials_deleted', ended_at = $2
    WHERE ${IS_OPEN} AND (peer = $1 OR upstream = $1) AND state <> 'DELIVERING' RETURNING *`,
  values: [peer, at],
});
/** After a right expired: cancels the open exchanges of a party on one session; returns the rows. A result that is being posted stays. */
export const cancelOpenOfParty = (session: SessionKey, party: PartyKey, end: { reason: string; at: EpochMillis }): Write => ({
  name: 'cancel-open-of-party',
  sql: `UPDATE exchange SET state = 'CANCELLED', reason = $3, ended_at = $4
    WHERE session_key = $1 AND ${IS_OPEN} AND party = $2 AND state <> 'DELIVERING' AND side IN ('carried', 'relayed') RETURNING *`,
  values: [session, party, end.reason, end.at],
});

/** Commit 2, SENDING: the charge point may have the request from now on. Changes no row when the exchange has another state or a newer connection has claimed it. */
export const claimSending = (id: ExchangeId, claim: { messageId: MessageId; epoch: number; at: EpochMillis }): Write => ({
  name: 'claim-sending',
  sql: `UPDATE exchange SET state = 'SENDING', earlier_message_id = message_id, message_id = $2, epoch = $3, sent_at = $4
    WHERE id = $1 AND state IN ('ACCEPTED', 'SENDING') AND (epoch IS NULL OR epoch < $3)`,
  values: [id, claim.messageId, claim.epoch, claim.at],
});

/** Commit 3, RESULT: the charge point's result. Returns the current deadline when the exchange was in one of `from`, so only for the first result. */
export const recordResult = (id: ExchangeId, from: readonly ExchangeState[], r: { outcome: Outcome; reason: string; at: EpochMillis }): Write => ({
  name: `record-result-${from.join('-')}`,
  sql: `UPDATE exchange SET state = 'RESULT', result = $2, outcome = $3, reason = $4, resulted_at = $5
    WHERE id = $1 AND state IN (${from.map((state) => `'${state}'`).join(', ')}) RETURNING deadline`,
  values: [id, r.outcome.result, JSON.stringify(r.outcome), r.reason, r.at],
});

/** Commit 4, DELIVERING: claims the only delivery of the result; changes no row when it is claimed already or the deadline has passed. */
export const claimDelivery = (id: ExchangeId, at: EpochMillis): Write => ({
  name: 'claim-delivery',
  sql: "UPDATE exchange SET state = 'DELIVERING' WHERE id = $1 AND state = 'RESULT' AND deadline > $2",
  values: [id, at],
});

/** Commit 5, the end: ends an exchange that is in one of `from`; changes no row when it is in another state. */
export const endExchange = (
  id: ExchangeId,
  from: readonly ExchangeState[],
  end: { state: ExchangeState; reason: string | undefined; at: EpochMillis },
): Write => ({
  name: `end-exchange-${from.join('-')}`,
  sql: `UPDATE exchange SET state = $2, reason = COALESCE($3, reason), ended_at = $4
    WHERE id = $1 AND state IN (${from.map((state) => `'${state}'`).join(', ')})`,
  values: [id, end.state, orNull(end.reason), end.at],
});

/** Records in the reason that the charge point answered after the exchange had ended. */
export const recordLateAnswer = (id: ExchangeId, reason: string): Write => ({
  name: 'record-late-answer',
  sql: 'UPDATE exchange SET reason = $2 WHERE id = $1',
  values: [id, reason],
});

/** Records the peer's immediate answer to a sent request; changes no row when the state is not POSTING. */
export const recordAnswer = (
  id: ExchangeId,
  answer: {
    state: ExchangeState;
    result: string | undefined;
    reason: string | undefined;
    timeout: number;
    deadline: EpochMillis;
    endedAt: EpochMillis | undefined;
    message?: string;
  },
): Write => ({
  name: 'record-answer',
  sql: `UPDATE exchange SET state = $2, result = $3, reason = $4, timeout = $5, deadline = $6, ended_at = $7, message = $8
    WHERE id = $1 AND state = 'POSTING' RETURNING *`,
  values: [id, answer.state, orNull(answer.result), orNull(answer.reason), answer.timeout, answer.deadline, orNull(answer.endedAt), orNull(answer.message)],
});

/** Records the result of a relayed request, with the body that will be forwarded unchanged; returns the row when the exchange waited for its first result. */
export const recordRelayed = (id: ExchangeId, r: { outcome: Outcome; body: string; at: EpochMillis }): Write => ({
  name: 'record-relayed',
  sql: `UPDATE exchange SET state = 'RESULT', result = $2, outcome = $3, relayed_outcome = $4, reason = 'cpo', resulted_at = $5
    WHERE id = $1 AND outcome IS NULL AND state = 'AWAITING' RETURNING *`,
  values: [id, r.outcome.result, JSON.stringify(r.outcome), r.body, r.at],
});

/** Records the result that a peer posted to the own response_url and ends the exchange, also an uncertain one; only the first result counts. */
export const recordOutcome = (id: ExchangeId, end: { state: ExchangeState; outcome: Outcome; reason: string; at: EpochMillis }): Write => ({
  name: 'record-outcome',
  sql: `UPDATE exchange SET state = $2, outcome = $3, result = $4, reason = $5, ended_at = $6
    WHERE id = $1 AND outcome IS NULL AND state IN ('POSTING', 'AWAITING', 'UNCERTAIN') RETURNING *`,
  values: [id, end.state, JSON.stringify(end.outcome), end.outcome.result, end.reason, end.at],
});

/** Records the first result of a relayed request that came after its end; the state stays. */
export const recordLateResult = (id: ExchangeId, late: { outcome: Outcome; reason: string }): Write => ({
  name: 'record-late-result',
  sql: 'UPDATE exchange SET outcome = $2, reason = $3 WHERE id = $1 AND outcome IS NULL',
  values: [id, JSON.stringify(late.outcome), late.reason],
});

/** The exchange with this id. */
export const exchangeById = (id: ExchangeId): Query<StoredExchange> => selectExchanges('exchange-by-id', 'WHERE id = $1', [id]);
/** The exchange of a peer with this X-Request-ID; not a request that this node refused, whose id may be used again. */
export const exchangeByRequest = (peer: PeerId, requestId: string): Query<StoredExchange> =>
  selectExchanges('exchange-by-request', 'WHERE peer = $1 AND request_id = $2 AND declined = 0', [peer, requestId]);
/** The exchange whose own response_url has this hash. */
export const exchangeByResult = (hash: string): Query<StoredExchange> => selectExchanges('exchange-by-result', 'WHERE result_hash = $1', [hash]);
/** The newest exchange that was sent to a charge point with this message id, by its current or earlier connection. */
export const exchangeByMessage = (id: MessageId): Query<StoredExchange> =>
  selectExchanges('exchange-by-message', 'WHERE message_id = $1 OR earlier_message_id = $1 ORDER BY seq DESC LIMIT 1', [id]);
/** All open exchanges in the order of acceptance. The sign before `seq` keeps SQLite from scanning the whole table in this order. */
export const openExchanges: Query<StoredExchange> = selectExchanges('open-exchanges', `WHERE ${IS_OPEN} ORDER BY +seq`, []);
/** Moves the deadlines of all open exchanges, after a jump of the machine's clock by that many milliseconds. */
export const moveDeadlines = (milliseconds: number): Write => ({
  name: 'move-deadlines',
  sql: `UPDATE exchange SET deadline = deadline + $1 WHERE ${IS_OPEN}`,
  values: [milliseconds],
});
/** Open exchanges with charge points whose deadline has passed, by session; those in DELIVERING may still be in time for their answer. */
export const overdueExchanges = (now: EpochMillis): Query<StoredExchange> =>
  selectExchanges('overdue-exchanges', `WHERE ${IS_OPEN} AND side <> 'sent' AND deadline <= $1 ORDER BY session_key, seq`, [now]);
