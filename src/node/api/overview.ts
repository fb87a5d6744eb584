import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { headroomOf } from '../../domain/site/headroom.ts';
import { type EpochMillis, epochMillis, toSeconds } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { newestSecurity } from '../../store/sql/event.ts';
import { haltedParties } from '../../store/sql/halt.ts';
import { exchangesByMinute, sessionsByStatus } from '../../store/sql/outcome-count.ts';
import { meteredLocations } from '../../store/sql/session-figures.ts';
import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import { SECURITY_KINDS } from '../core/security-event.ts';
import { readDeviations, SessionDeviation } from './attention.ts';
import { viewEvent } from './events/view-event.ts';
import { OutcomeOrOpen, sumByOutcome } from './exchanges/outcome.ts';
import { Count, Moment, Party, Seq } from './fields.ts';
import { type AnsweredRoute, answerRoute, readRoute } from './route.ts';
import { visibleParties } from './sessions/find-session.ts';
import { readTotals } from './shadow/answers.ts';
import { ShadowReport } from './shadow/schemas.ts';
import type { StationOperations } from './stations/operations.ts';
import type { StationView } from './stations/schemas.ts';

const Watts = Type.Number({ description: 'W over all phases' });
/** What a grid connection has left. */
const SiteHeadroom = Type.Object({
  site: Type.String(),
  limit: Type.Optional(Type.Number({ description: 'W; what the EVSEs share now. Absent: nothing limits them' })),
  load: Watts,
  headroom: Type.Optional(Type.Number({ description: 'W; negative: the limit is exceeded' })),
});

/** The state of the whole node in one answer. */
const Overview = Type.Object({
  at: Moment,
  sessions: Type.Record(Type.String(), Count, { description: 'by status; ended sessions are counted among the newest 10,000 sessions only' }),
  exchanges: Type.Array(Type.Object({ minute: Moment, outcome: OutcomeOrOpen, count: Count }), { description: 'accepted within the last hour' }),
  load: Type.Object(
    { watts: Type.Number({ description: 'W' }), sessions: Count, locations: Count },
    {
      description:
        'what all running sessions at charge points of this node draw: the sum of their last measured power, sessions that report one, and their locations',
    },
  ),
  deviations: Type.Object({ count: Count, items: Type.Array(SessionDeviation) }, { description: 'of all running sessions; the newest 50 of them' }),
  exceeded: Type.Array(Type.Object({ site: Type.String(), where: Type.String() }), {
    description: 'limits of sites that are exceeded now, by what counts against them',
  }),
  unhealthy: Type.Array(Type.Object({ station: Type.String(), reason: Type.String() }), {
    description: 'charge points that are away or refuse limits; not those that were never connected',
  }),
  alarms: Type.Integer({ minimum: 0, description: 'alarms that nobody has acknowledged; GET alarms lists all' }),
  sites: Type.Array(SiteHeadroom, { description: 'each grid connection, the one with the least headroom first' }),
  stations: Type.Object({ connected: Count, known: Count }),
  shadow: Type.Optional(
    Type.Object(
      { observed: ShadowReport.properties.observed, totals: ShadowReport.properties.totals },
      { description: 'the last 7 days of GET shadow; absent: no charge point is observed' },
    ),
  ),
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

interface OverviewDependencies {
  roles: Pick<Roles, 'cpo' | 'alarms'>;
  operator: Pick<StationOperations, 'stations'>;
}

export function overviewAnswers(context: Context, dependencies: OverviewDependencies): readonly AnsweredRoute[] {
  let cached: { until: EpochMillis; overview: Promise<Overview> } | undefined;
  const overview = () => {
    const now = context.clock.now();
    if (!cached || cached.until <= now) cached = { until: epochMillis(now + CACHE_MS), overview: read() };
    return cached.overview;
  };
  const read = async () => {
    try {
      return await readOverview(context, dependencies);
    } catch (error) {
      cached = undefined; // the next request reads again
      throw error;
    }
  };
  // An acknowledgement shows at once.
  return [answerRoute(getOverview, async () => ok({ ...(await overview()), alarms: dependencies.roles.alarms.count() }))];
}

/** Charge points that need a person: one that was never connected may not be built yet. */
const isUnhealthy = ({ health: { state } }: StationView) => state === 'away' || state === 'refuses-limits';

async function readOverview(context: Context, { roles: { cpo, alarms }, operator }: OverviewDependencies): Promise<Overview> {
  const { store, clock, config, peers } = context;
  const now = clock.now();
  const [sessions, exchanges, stations, known, halted, metered, deviations, security] = await Promise.all([
    store.all(sessionsByStatus(visibleParties(config))),
    store.all(exchangesByMinute(epochMillis(now - HOUR_MS))),
    operator.stations(),
    peers.all(),
    store.all(haltedParties),
    store.all(meteredLocations),
    readDeviations(context),
    readSecurity(context),
  ]);
  const byMinute = sumByOutcome(exchanges.map((it) => ({ ...it, key: printDateTime(it.minute) })));
  const faults = {
    exceeded: (cpo?.limits.findings.exceeded() ?? []).map(({ site, where }) => ({ site, where })),
    unhealthy: stations.filter(isUnhealthy).map(({ id, health }) => ({ station: id, reason: health.reason ?? health.state })),
    security,
    complaints: complaintsOf(context),
  };
  return {
    at: printDateTime(now),
    sessions: Object.fromEntries(sessions.map(({ status, count }) => [status, count])),
    load: {
      watts: metered.reduce((sum, { watts }) => sum + watts, 0),
      sessions: metered.reduce((sum, it) => sum + it.sessions, 0),
      locations: metered.length,
    },
    deviations,
    alarms: alarms.count(),
    sites: viewSites(cpo, now),
    exchanges: byMinute.map(({ key, outcome, count }) => ({ minute: key, outcome, count })),
    stations: { connected: stations.filter(({ online }) => online).length, known: stations.length },
    ...(cpo && cpo.shadow.observed.size > 0 && { shadow: { observed: cpo.shadow.observed.size, totals: await readTotals(context, cpo) } }),
    peers: Object.fromEntries([...Map.groupBy(known, ({ status }) => status)].map(([status, them]) => [status, them.length])),
    halted: [...halted],
    ...faults,
  };
}

function viewSites(cpo: OverviewDependencies['roles']['cpo'], now: EpochMillis): Overview['sites'] {
  const sites = (cpo?.limits.balances() ?? []).map(({ state }) => ({ site: state.tree.name, ...headroomOf(state, toSeconds(now)) }));
  const least = ({ headroom }: (typeof sites)[number]) => headroom ?? Number.POSITIVE_INFINITY;
  return sites.sort((one, other) => (least(one) < least(other) ? -1 : least(one) > least(other) ? 1 : 0));
}

async function readSecurity({ store }: Context): Promise<Overview['security']> {
  const stored = await store.all(newestSecurity(MOST_SHOWN));
  return stored.flatMap((it) => {
    const view = viewEvent(it, []);
    return view?.kind === 'security' ? [{ id: view.id, at: view.at, ...view.data }] : [];
  });
}

const complaintsOf = ({ recentErrors }: Context): Overview['complaints'] =>
  recentErrors
    .slice(-MOST_SHOWN)
    .toReversed()
    .map(({ at, what, says }) => ({ at: printDateTime(at), what, says }));
