import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { newestSecurity } from '../../store/sql/event.ts';
import { haltedParties } from '../../store/sql/halt.ts';
import { exchangesByMinute, sessionsByStatus } from '../../store/sql/outcome-count.ts';
import { allStations } from '../../store/sql/station.ts';
import type { Context } from '../core/context.ts';
import { SECURITY_KINDS } from '../core/security-event.ts';
import { viewEvent } from './events/view-event.ts';
import { OutcomeOrOpen, sumByOutcome } from './exchanges/outcome.ts';
import { Count, Moment, Party, Seq } from './fields.ts';
import { type AnsweredRoute, answerRoute, readRoute } from './route.ts';
import { visibleParties } from './sessions/find-session.ts';

/** The state of the whole node in one answer. */
const Overview = Type.Object({
  at: Moment,
  sessions: Type.Record(Type.String(), Count, { description: 'by status; ended sessions are counted among the newest 10,000 sessions only' }),
  exchanges: Type.Array(Type.Object({ minute: Moment, outcome: OutcomeOrOpen, count: Count }), { description: 'accepted within the last hour' }),
  stations: Type.Object({ connected: Count, known: Count }),
  peers: Type.Record(Type.String(), Count, { description: 'by status' }),
  halted: Type.Array(Party),
  security: Type.Array(
    Type.Object({
      id: Seq,
      at: Moment,
      kind: oneOf(...SECURITY_KINDS),
      peer: Type.Optional(Type.String()),
      party: Type.Optional(Type.String()),
      says: Type.String(),
    }),
    { description: 'newest first' },
  ),
  complaints: Type.Array(Type.Object({ at: Moment, what: Type.String(), says: Type.String() }), {
    description: 'errors of background work since the node started, newest first',
  }),
});
export type Overview = Static<typeof Overview>;

export const getOverview = readRoute({
  name: 'get-overview',
  summary: 'The state of the whole node in one answer.',
  path: 'overview',
  answer: Overview,
});

const HOUR_MS = 3_600_000;
/** Most security events, and most errors, in one overview. */
const MOST_SHOWN = 20;
/** One overview is read from the store in this time at most, for any number of open pages. */
const CACHE_MS = 2_000;

export function overviewAnswers(context: Context): readonly AnsweredRoute[] {
  let cached: { until: EpochMillis; overview: Promise<Overview> } | undefined;
  const overview = () => {
    const now = context.clock.now();
    if (!cached || cached.until <= now) cached = { until: epochMillis(now + CACHE_MS), overview: read() };
    return cached.overview;
  };
  const read = async () => {
    try {
      return await readOverview(context);
    } catch (error) {
      cached = undefined; // the next request reads again
      throw error;
    }
  };
  return [answerRoute(getOverview, async () => ok(await overview()))];
}

async function readOverview({ store, clock, config, peers, recentErrors }: Context): Promise<Overview> {
  const now = clock.now();
  const [sessions, exchanges, stations, known, halted, security] = await Promise.all([
    store.all(sessionsByStatus(visibleParties(config))),
    store.all(exchangesByMinute(epochMillis(now - HOUR_MS))),
    store.all(allStations()),
    peers.all(),
    store.all(haltedParties),
    store.all(newestSecurity(MOST_SHOWN)),
  ]);
  const ours = new Set(config.charge_points.map(({ id }) => id));
  const byMinute = sumByOutcome(exchanges.map((it) => ({ ...it, key: printDateTime(it.minute) })));
  return {
    at: printDateTime(now),
    sessions: Object.fromEntries(sessions.map(({ status, count }) => [status, count])),
    exchanges: byMinute.map(({ key, outcome, count }) => ({ minute: key, outcome, count })),
    stations: { connected: stations.filter(({ id, online }) => online && ours.has(id)).length, known: ours.size },
    peers: Object.fromEntries([...Map.groupBy(known, ({ status }) => status)].map(([status, them]) => [status, them.length])),
    halted: [...halted],
    security: security.flatMap((it) => {
      const view = viewEvent(it, []);
      return view?.kind === 'security' ? [{ id: view.id, at: view.at, ...view.data }] : [];
    }),
    complaints: recentErrors
      .slice(-MOST_SHOWN)
      .toReversed()
      .map(({ at, what, says }) => ({ at: printDateTime(at), what, says })),
  };
}
