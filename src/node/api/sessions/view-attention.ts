import type { StationId } from '../../../domain/ids.ts';
import { epochMillis } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { isOver, type OwnSession, type Progress } from '../../../roles/cpo/session.ts';
import type { StoredSession } from '../../../store/sql/session.ts';
import type { Heard } from '../../cpo/heard-stations.ts';
import type { SessionView } from './schemas.ts';

/** When a charge point was heard last; undefined: it was never connected. */
export type HeardOf = (station: StationId) => Heard | undefined;

/** What an operator should know before they trust the figures of a session: its car draws too much, or its charge point is away. */
export function viewAttention(
  { station, peer, progress, body, limitUnknownSince }: StoredSession<OwnSession, Progress>,
  heardOf: HeardOf,
): Pick<SessionView, 'metered_above_limit' | 'stale_since'> {
  if (peer !== undefined || isOver(body)) return {};
  const heard = station && heardOf(station);
  const { judged } = progress ?? {};
  return {
    ...(heard && !heard.online && { stale_since: printDateTime(heard.at) }),
    ...(judged?.above &&
      limitUnknownSince === undefined &&
      body.status === 'ACTIVE' && {
        metered_above_limit: {
          measured: judged.above.measured,
          limit: judged.limit,
          unit: judged.unit,
          since: printDateTime(epochMillis(judged.above.since)),
        },
      }),
  };
}
