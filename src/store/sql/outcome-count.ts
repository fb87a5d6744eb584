import { EXCHANGE_STATES, type ExchangeState, RESPONSES, RESULTS } from '../../domain/exchange.ts';
import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeText, text } from '../row.ts';
import type { Query, Row } from '../store.ts';

/** Of a great many exchanges, so many are counted: the newest. */
const MOST_COUNTED = 20_000;
const NEWEST = `exchange.seq > (SELECT COALESCE(MAX(seq), 0) FROM exchange) - ${MOST_COUNTED}`;

/** How many exchanges stand so. */
export interface OutcomeCount {
  kind: string;
  state: ExchangeState;
  result: (typeof RESPONSES)[number] | (typeof RESULTS)[number] | undefined;
  count: number;
}
const readTally = (row: Row): OutcomeCount => ({
  kind: text(row, 'kind'),
  state: enumValue(row, 'state', EXCHANGE_STATES),
  result: maybeText(row, 'result') === undefined ? undefined : enumValue(row, 'result', [...RESPONSES, ...RESULTS]),
  count: integer(row, 'n'),
});

/** Exchanges by the minute in which they were accepted, since a moment. */
export const exchangesByMinute = (since: EpochMillis): Query<OutcomeCount & { minute: EpochMillis }> => ({
  name: 'exchanges-by-minute',
  sql: `SELECT accepted_at - accepted_at % 60000 AS minute, kind, state, result, COUNT(*) AS n FROM exchange
    WHERE ${NEWEST} AND accepted_at >= $1 GROUP BY 1, kind, state, result ORDER BY 1, kind, state, result`,
  values: [since],
  read: (row) => ({ ...readTally(row), minute: epochMillis(integer(row, 'minute')) }),
});
/** How the exchanges with one peer stand, since a moment. */
export const exchangesOfPeer = (peer: PeerId, since: EpochMillis): Query<OutcomeCount> => ({
  name: 'exchanges-of-peer',
  sql: `SELECT kind, state, result, COUNT(*) AS n FROM exchange
    WHERE ${NEWEST} AND accepted_at >= $2 AND (peer = $1 OR upstream = $1) GROUP BY kind, state, result ORDER BY kind, state, result`,
  values: [peer, since],
  read: readTally,
});
/** How many sessions there are by status: of the house, and of customers of `parties`. */
export const sessionsByStatus = (parties: readonly PartyKey[] | 'all'): Query<{ status: string; count: number }> => {
  const named = parties === 'all' ? [] : parties;
  const ours = parties === 'all' ? '' : `WHERE peer IS NULL OR token_party IN (${['NULL', ...named.map((_, n) => `$${n + 1}`)].join(', ')})`;
  return {
    name: `sessions-by-status-${parties === 'all' ? 'all' : named.length}`,
    sql: `SELECT status, COUNT(*) AS n FROM session ${ours} GROUP BY status ORDER BY status`,
    values: named,
    read: (row) => ({ status: text(row, 'status'), count: integer(row, 'n') }),
  };
};
