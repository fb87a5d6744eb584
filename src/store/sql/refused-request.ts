import type { ResponseType } from '../../domain/exchange.ts';
import type { PeerId } from '../../domain/ids.ts';
import { orNull } from '../row.ts';
import type { Write } from '../store.ts';
import { type NewExchange, REQUEST_COLUMNS, requestValues } from './exchange.ts';

/** Refused requests that are kept of each peer: the newest ones. */
export const MOST_REFUSED = 500;

/** Records a request that this node refused: an exchange that ended with its answer. Its X-Request-ID may be used again. */
export const addRefusedRequest = (x: NewExchange, answer: { result: ResponseType; message: string | undefined }): Write => ({
  name: 'add-refused-request',
  sql: `INSERT INTO exchange (${REQUEST_COLUMNS}, ask, accepted_at, deadline, timeout,
      state, party, station, result, message, reason, ended_at, declined)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'REFUSED', $14, $15, $16, $17, $17, $11, 1)`,
  values: [...requestValues(x), JSON.stringify(x.ask), x.acceptedAt, x.deadline, x.timeout, x.party, orNull(x.station), answer.result, orNull(answer.message)],
});

/** Deletes the oldest refused requests of a peer that are too many. */
export const forgetRefusedRequests = (peer: PeerId): Write => ({
  name: 'forget-refused-requests',
  sql: `DELETE FROM exchange WHERE declined = 1 AND peer = $1
    AND seq <= (SELECT seq FROM exchange WHERE declined = 1 AND peer = $1 ORDER BY seq DESC LIMIT 1 OFFSET ${MOST_REFUSED})`,
  values: [peer],
});
