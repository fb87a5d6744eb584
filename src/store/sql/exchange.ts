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
import { enumValue, integer, json, mapDefined, maybeInteger, maybeJson, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { containsText, searchPattern } from './text-search.ts';

/** Says the condition of the partial index in its own words, or the planner does not see that the index serves. */
export const IS_OPEN = `state IN (${OPEN_STATES.map((state) => `'${state}'`).join(', ')})`;
/** An exchange as it stands in the store: its URL still encrypted, and its place in the order of acceptance. */
export type StoredExchange = Omit<Exchange, 'responseUrl'> & { seq: number; encryptedUrl: string | undefined };

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
});

const query = (name: string, tail: string, values: Query<unknown>['values']): Query<StoredExchange> => ({
  name,
  sql: `SELECT * FROM exchange ${tail}`,
  values,
  read: readExchange,
});

/** An exchange before anything happened to it. */
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
};

/** P1: the obligation. Nothing is inserted when this peer already used this X-Request-ID. */
export const insertExchange = (x: NewExchange, hidden: { encryptedUrl?: string; resultHash?: string }): Write => ({
  name: 'insert-exchange',
  sql: `INSERT INTO exchange (id, side, kind, peer, session_key, edition, request_id, correlation_id, body_hash, url, result_hash, ask,
      accepted_at, deadline, timeout, state, party, upstream, station, profile_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT (peer, request_id) DO NOTHING`,
  values: [
    x.id,
    x.side,
    x.ask.kind,
    x.peer,
    x.session,
    x.edition,
    x.requestId,
    x.correlationId,
    x.bodyHash,
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
  ],
});

/** The latest set wins: older ones of that party that were not sent yet are answered REJECTED, and returned; those of others too, unless it shares. */
export const supersedeOlderSets = (session: SessionKey, newest: ExchangeId, { at, shares }: { at: EpochMillis; shares: boolean }): Write => ({
  name: shares ? 'supersede-older-sets-of-its-own' : 'supersede-older-sets',
  sql: `UPDATE exchange SET state = 'RESULT', result = 'REJECTED', reason = 'superseded', outcome = '{"result":"REJECTED"}', resulted_at = $3
    WHERE session_key = $1 AND ${IS_OPEN} AND kind = 'set' AND state = 'ACCEPTED' AND side <> 'sent' AND seq < (SELECT seq FROM exchange WHERE id = $2)
      ${shares ? 'AND party = (SELECT party FROM exchange WHERE id = $2)' : ''}
    RETURNING *`,
  values: [session, newest, at],
});

/** The session is over: what was not sent yet is answered, a clear truthfully with UNKNOWN. Returns the rows. */
export const endUnsent = (session: SessionKey, at: EpochMillis): Write => ({
  name: 'give-up-unsent',
  sql: `UPDATE exchange SET state = 'RESULT', reason = 'session_ended', resulted_at = $2,
      result = CASE kind WHEN 'clear' THEN 'UNKNOWN' ELSE 'REJECTED' END,
      outcome = CASE kind WHEN 'clear' THEN '{"result":"UNKNOWN"}' ELSE '{"result":"REJECTED"}' END
    WHERE session_key = $1 AND ${IS_OPEN} AND state = 'ACCEPTED' AND side <> 'sent' RETURNING *`,
  values: [session, at],
});

/** The peer is gone: nothing of its requests is carried on or called back. Returns the rows. */
export const cancelOpenOfPeer = (peer: PeerId, at: EpochMillis): Write => ({
  name: 'cancel-open',
  sql: `UPDATE exchange SET state = 'CANCELLED', reason = 'credentials_deleted', ended_at = $2
    WHERE (peer = $1 OR upstream = $1) AND state IN ('ACCEPTED', 'SENDING', 'RESULT', 'POSTING', 'AWAITING') RETURNING *`,
  values: [peer, at],
});
/** A party may not steer this session any more: nothing that it asked goes on or is called back. Returns the rows. */
export const cancelOpenOfParty = (session: SessionKey, party: PartyKey, end: { reason: string; at: EpochMillis }): Write => ({
  name: 'cancel-open-of',
  sql: `UPDATE exchange SET state = 'CANCELLED', reason = $3, ended_at = $4
    WHERE session_key = $1 AND ${IS_OPEN} AND party = $2 AND state IN ('ACCEPTED', 'SENDING', 'RESULT', 'POSTING', 'AWAITING') AND side <> 'sent' RETURNING *`,
  values: [session, party, end.reason, end.at],
});

/** P2: from here on the charge point may have it. Fails when it was given up meanwhile or its time is over. */
export const claimSending = (id: ExchangeId, claim: { messageId: MessageId; epoch: number; at: EpochMillis }): Write => ({
  name: 'claim-sending',
  sql: `UPDATE exchange SET state = 'SENDING', earlier_message_id = message_id, message_id = $2, epoch = $3, sent_at = $4
    WHERE id = $1 AND state IN ('ACCEPTED', 'SENDING') AND (epoch IS NULL OR epoch < $3)`,
  values: [id, claim.messageId, claim.epoch, claim.at],
});

/** P3: what became of it at the charge point. Returns the row when this was the first word. */
export const recordResult = (id: ExchangeId, from: readonly ExchangeState[], r: { outcome: Outcome; reason: string; at: EpochMillis }): Write => ({
  name: `record-result-${from.join('-')}`,
  sql: `UPDATE exchange SET state = 'RESULT', result = $2, outcome = $3, reason = $4, resulted_at = $5
    WHERE id = $1 AND state IN (${from.map((state) => `'${state}'`).join(', ')})
    RETURNING *`,
  values: [id, r.outcome.result, JSON.stringify(r.outcome), r.reason, r.at],
});

/** P4: one delivery, by whoever gets to it first, and none that starts after the deadline. */
export const claimDelivery = (id: ExchangeId, at: EpochMillis): Write => ({
  name: 'claim-delivery',
  sql: "UPDATE exchange SET state = 'DELIVERING' WHERE id = $1 AND state = 'RESULT' AND deadline > $2",
  values: [id, at],
});

/** Ends an exchange that is in one of `from`; returns the row when it was. */
export const endExchange = (
  id: ExchangeId,
  from: readonly ExchangeState[],
  end: { state: ExchangeState; reason: string | undefined; at: EpochMillis },
): Write => ({
  name: `end-exchange-${from.join('-')}`,
  sql: `UPDATE exchange SET state = $2, reason = COALESCE($3, reason), ended_at = $4
    WHERE id = $1 AND state IN (${from.map((state) => `'${state}'`).join(', ')})
    RETURNING *`,
  values: [id, end.state, orNull(end.reason), end.at],
});

/** What a charge point said when nobody waited any more. */
export const recordLateAnswer = (id: ExchangeId, reason: string): Write => ({
  name: 'record-afterwards',
  sql: 'UPDATE exchange SET reason = $2 WHERE id = $1',
  values: [id, reason],
});

/** The peer's own answer to a request that we sent. */
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

/** A relayed request has its result, which goes on as it came. Returns the row when this was the first word of one that waited. */
export const recordRelayed = (id: ExchangeId, r: { outcome: Outcome; body: string; at: EpochMillis }): Write => ({
  name: 'record-relayed',
  sql: `UPDATE exchange SET state = 'RESULT', result = $2, outcome = $3, relayed_outcome = $4, reason = 'cpo', resulted_at = $5
    WHERE id = $1 AND outcome IS NULL AND state = 'AWAITING' RETURNING *`,
  values: [id, r.outcome.result, JSON.stringify(r.outcome), r.body, r.at],
});

/** What the peer posted to our response_url; only the first word counts, and one that settles an uncertain exchange. */
export const recordOutcome = (id: ExchangeId, end: { state: ExchangeState; outcome: Outcome; reason: string; at: EpochMillis }): Write => ({
  name: 'record-outcome',
  sql: `UPDATE exchange SET state = $2, outcome = $3, result = $4, reason = $5, ended_at = $6
    WHERE id = $1 AND outcome IS NULL AND state IN ('POSTING', 'AWAITING', 'UNCERTAIN') RETURNING *`,
  values: [id, end.state, JSON.stringify(end.outcome), end.outcome.result, end.reason, end.at],
});

/** A result of a relayed request that came when nobody waited any more: the first is taken note of, the state stays. */
export const recordLateResult = (id: ExchangeId, late: { outcome: Outcome; reason: string }): Write => ({
  name: 'record-late',
  sql: 'UPDATE exchange SET outcome = $2, reason = $3 WHERE id = $1 AND outcome IS NULL',
  values: [id, JSON.stringify(late.outcome), late.reason],
});

export const exchangeById = (id: ExchangeId): Query<StoredExchange> => query('exchange-by-id', 'WHERE id = $1', [id]);
export const exchangeByRequest = (peer: PeerId, requestId: string): Query<StoredExchange> =>
  query('exchange-by-request', 'WHERE peer = $1 AND request_id = $2', [peer, requestId]);
export const exchangeByResult = (hash: string): Query<StoredExchange> => query('exchange-by-result', 'WHERE result_hash = $1', [hash]);
export const exchangeByMessage = (id: MessageId): Query<StoredExchange> =>
  query('exchange-by-message', 'WHERE message_id = $1 OR earlier_message_id = $1 ORDER BY seq DESC LIMIT 1', [id]);
/** All of them, in the order of acceptance; the sign before `seq` keeps SQLite from walking the whole table in that order. */
export const openExchanges: Query<StoredExchange> = query('open-exchanges', `WHERE ${IS_OPEN} ORDER BY +seq`, []);
/** Open exchanges with charge points whose time is over, session by session; an exchange that is being delivered has a little more. */
export const overdueExchanges = (now: EpochMillis): Query<StoredExchange> =>
  query('overdue-exchanges', `WHERE ${IS_OPEN} AND side <> 'sent' AND deadline <= $1 ORDER BY session_key, seq`, [now]);
/** Exchanges from `floor` (inclusive) to `before` (exclusive), newest first; of one session, in one state, or any. */
export function newestExchanges(which: {
  floor: number;
  before: number;
  limit: number;
  session?: SessionKey;
  state?: ExchangeState;
  q?: string;
}): Query<StoredExchange> {
  const { floor, before, limit, session, state, q } = which;
  const filters = [...(session === undefined ? [] : [{ column: 'session_key', value: session }]), ...(state ? [{ column: 'state', value: state }] : [])];
  const conditions = filters.map(({ column }, n) => ` AND ${column} = $${n + 4}`).join('');
  const name = ['newest-exchanges', ...filters.map((it) => it.column), ...(q === undefined ? [] : ['by-name'])].join('-');
  const values = [floor, before, limit, ...filters.map((it) => it.value), ...(q === undefined ? [] : [searchPattern(q)])];
  const byName = q === undefined ? '' : ` AND ${containsText(['session_key', 'id', 'peer', 'station', 'request_id', 'correlation_id'], `$${values.length}`)}`;
  return query(name, `WHERE seq >= $1 AND seq < $2${conditions}${byName} ORDER BY seq DESC LIMIT $3`, values);
}
export const newestExchange: Query<number> = {
  name: 'newest-exchange',
  sql: 'SELECT COALESCE(MAX(seq), 0) AS seq FROM exchange',
  values: [],
  read: (row) => integer(row, 'seq'),
};
