import type { Ask, ExchangeState, OutcomeOrOpen } from '../../domain/exchange.ts';
import { asPartyKey, asSessionKey, type ExchangeId, type PartyKey, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, json, maybeText, text } from '../row.ts';
import type { Query } from '../store.ts';
import { IS_OPEN, type StoredExchange, selectExchanges } from './exchange.ts';
import { IS_RUNNING } from './session.ts';
import { containsText, searchPattern } from './text-search.ts';

/** Exchanges with numbers from `floor` on whose id begins with this text, newest first. */
export const exchangesByPrefix = (prefix: string, floor: number, limit: number): Query<StoredExchange> =>
  selectExchanges('exchanges-by-prefix', 'WHERE seq >= $2 AND substr(id, 1, $4) = $1 ORDER BY seq DESC LIMIT $3', [prefix, floor, limit, prefix.length]);
/** SQL condition: the exchange has this outcome, as `outcomeOf` in src/node/api/exchanges/outcome.ts says of one exchange. */
function hasOutcome(outcome: OutcomeOrOpen): string {
  if (outcome === 'OPEN') return IS_OPEN;
  if (outcome === 'CANCELLED') return "state = 'CANCELLED'";
  const ended = `NOT ${IS_OPEN} AND state NOT IN ('CANCELLED', 'UNCERTAIN', 'TIMED_OUT')`;
  if (outcome === 'UNCERTAIN') return `(state IN ('UNCERTAIN', 'TIMED_OUT') OR (${ended} AND state <> 'REFUSED' AND result IS NULL))`;
  const withoutResult = outcome === 'REJECTED' ? " OR (state = 'REFUSED' AND result IS NULL)" : '';
  return `(${ended} AND (result = '${outcome}'${withoutResult}))`;
}

/**
 * Exchanges with numbers from `floor` (inclusive) to `before` (exclusive), newest first; optionally of one session, of one charge point,
 * in one state, with one outcome, or with ids that contain `q`.
 */
export function newestExchanges(which: {
  floor: number;
  before: number;
  limit: number;
  session?: SessionKey;
  station?: StationId;
  state?: ExchangeState;
  outcome?: OutcomeOrOpen;
  q?: string;
}): Query<StoredExchange> {
  const { floor, before, limit, session, station, state, outcome, q } = which;
  const filters = [
    ...(session === undefined ? [] : [{ column: 'session_key', value: session }]),
    ...(station === undefined ? [] : [{ column: 'station', value: station }]),
    ...(state ? [{ column: 'state', value: state }] : []),
  ];
  const conditions = filters.map(({ column }, n) => ` AND ${column} = $${n + 4}`).join('');
  const byOutcome = outcome === undefined ? '' : ` AND ${hasOutcome(outcome)}`;
  const name = ['newest-exchanges', ...filters.map((it) => it.column), ...(outcome ? [outcome] : []), ...(q === undefined ? [] : ['by-name'])].join('-');
  const values = [floor, before, limit, ...filters.map((it) => it.value), ...(q === undefined ? [] : [searchPattern(q)])];
  const byName = q === undefined ? '' : ` AND ${containsText(['session_key', 'id', 'peer', 'station', 'request_id', 'correlation_id'], `$${values.length}`)}`;
  return selectExchanges(name, `WHERE seq >= $1 AND seq < $2${conditions}${byOutcome}${byName} ORDER BY seq DESC LIMIT $3`, values);
}
/** The number of the newest exchange; 0 when there is none. */
export const newestExchange: Query<number> = {
  name: 'newest-exchange',
  sql: 'SELECT COALESCE(MAX(seq), 0) AS seq FROM exchange',
  values: [],
  read: (row) => integer(row, 'seq'),
};

/** The hash of the own response_url of an exchange; undefined when it has none. */
export const resultHashOf = (id: ExchangeId): Query<string | undefined> => ({
  name: 'result-hash-of-exchange',
  sql: 'SELECT result_hash FROM exchange WHERE id = $1',
  values: [id],
  read: (row) => maybeText(row, 'result_hash'),
});

/** A profile that a party of this node has set on a remote session, as its CPO confirmed it. */
export interface ProfileSetByUs {
  party: PartyKey;
  profile: ChargingProfile;
  /** The id of the user or API key that set it; absent: the planner, or not known. */
  author?: string;
  at: EpochMillis;
}
/** The last profile that a party of this node has set on a session; no row when it was cleared since. */
export const profileSetByUs = (session: SessionKey): Query<ProfileSetByUs | undefined> => ({
  name: 'profile-set-by-us',
  sql: `SELECT party, ask, author, accepted_at FROM exchange WHERE session_key = $1 AND side = 'sent' AND kind IN ('set', 'clear') AND state = 'CONFIRMED'
    ORDER BY seq DESC LIMIT 1`,
  values: [session],
  read: (row) => {
    const [ask, author] = [json<Ask>(row, 'ask'), maybeText(row, 'author')];
    return ask.kind === 'set'
      ? { party: asPartyKey(text(row, 'party')), profile: ask.profile, at: epochMillis(integer(row, 'accepted_at')), ...(author !== undefined && { author }) }
      : undefined;
  },
});
/** The running remote sessions for which a user or an API key of this node has sent requests; few, and found by their own index. */
export const sessionsAskedByOperator: Query<SessionKey> = {
  name: 'sessions-asked-by-operator',
  sql: `SELECT DISTINCT exchange.session_key FROM session JOIN exchange ON exchange.session_key = session.key
    WHERE session.${IS_RUNNING} AND session.peer IS NOT NULL AND exchange.author IS NOT NULL ORDER BY exchange.session_key`,
  values: [],
  read: (row) => asSessionKey(text(row, 'session_key')),
};
