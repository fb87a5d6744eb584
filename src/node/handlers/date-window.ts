import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { offsetAndLimit } from '../../ocpi/paging.ts';
import type { ListWindow } from '../../store/sql/session-rights.ts';

/** The part of a list that a GET asks for: last_updated from `date_from` on and before `date_to`, then `offset` and `limit` (OCPI 2.2.1 §4.1.4). */
export const dateWindow = (query: { date_from?: string; date_to?: string; offset?: number; limit?: number }, most = Number.MAX_SAFE_INTEGER): ListWindow => {
  const { offset, limit } = offsetAndLimit(query);
  return {
    from: (query.date_from && readDateTime(query.date_from)) || epochMicros(0),
    to: (query.date_to && readDateTime(query.date_to)) || epochMicros(Number.MAX_SAFE_INTEGER),
    offset,
    limit: Math.min(limit, most),
  };
};
