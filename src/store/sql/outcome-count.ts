import { EXCHANGE_STATES, type ExchangeState, RESPONSES, RESULTS } from '../../domain/exchange.ts';
import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeText, text } from '../row.ts';
import type { Query, Row } from '../store.ts';
import { IS_RUNNING } from './session.ts';

/** Only the newest exchanges are counted, up to this number. */
const MAX_COUNTED = 20_000;
const NEWEST = `exchange.seq > (SELECT COALESCE(MAX(seq), 0) FROM exchange) - ${MAX_COUNTED}`;

/** How many exchanges have this kind, state and result. */
export interface OutcomeCount {
  kind: string;
  state: ExchangeState;
  result: (typeof RESPONSES)[number] | (typeof RESULTS)[number] | undefined;
  count: number;
}
const readCount = (row: Row): OutcomeCount => ({
  kind: text(row, 'kind'),
  state: enumValue(row, 'state', EXCHANGE_STATES),
  result: maybeText(row, 'result') === undefined ? undefined : enumValue(row, 'result', [...RESPONSES, ...RESULTS]),
  count: integer(row, 'n'),
});

/** Counts of exchanges that were accepted since `since`, for each minute of acceptance. */
export const exchangesByMinute = (since: EpochMillis): Query<OutcomeCount & { minute: EpochMillis }> => ({
  name: 'exchanges-by-minute',
  sql: `SELECT accepted_at - accepted_at % 60000 AS minute, kind, state, result, COUNT(*) AS n FROM exchange
    WHERE ${NEWEST} AND accepted_at >= $1 GROUP BY 1, kind, state, result ORDER BY 1, kind, state, result`,
  values: [since],
  read: (row) => ({ ...readCount(row), minute: epochMillis(integer(row, 'minute')) }),
});
/** Counts of the exchanges with one peer that were accepted since `since`. */
export const exchangesOfPeer = (peer: PeerId, since: EpochMillis): Query<OutcomeCount> => ({
  name: 'exchanges-of-peer',
  sql: `SELECT kind, state, result, COUNT(*) AS n FROM exchange
    WHERE ${NEWEST} AND accepted_at >= $2 AND (peer = $1 OR upstream = $1) GROUP BY kind, state, result ORDER BY kind, state, result`,
  values: [peer, since],
  read: readCount,
});
/** Only the newest sessions are counted when they have ended, up to this number. */
const MAX_ENDED = 10_000;
/** Counts of sessions by status: own sessions, and remote sessions of customers of `parties`. Of ended sessions only the newest are counted. */
export const sessionsByStatus = (parties: readonly PartyKey[] | 'all'): Query<{ status: string; count: number }> => {
  const named = parties === 'all' ? [] : parties;
  const condition = parties === 'all' ? '' : ` AND (peer IS NULL OR token_party IN (${['NULL', ...named.map((_, n) => `$${n + 1}`)].join(', ')}))`;
  const count = (which: string) => `SELECT status, COUNT(*) AS n FROM session WHERE ${which}${condition} GROUP BY status`;
  return {
    name: `sessions-by-status-${parties === 'all' ? 'all' : named.length}`,
    sql: `${count(IS_RUNNING)} UNION ALL ${count(`NOT ${IS_RUNNING} AND seq > (SELECT COALESCE(MAX(seq), 0) FROM session) - ${MAX_ENDED}`)} ORDER BY status`,
    values: named,
    read: (row) => ({ status: text(row, 'status'), count: integer(row, 'n') }),
  };
};
