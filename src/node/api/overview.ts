import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { newestSecurity } from '../../store/sql/event.ts';
import { haltedParties } from '../../store/sql/halt.ts';
import { exchangesByMinute, type OutcomeCount, sessionsByStatus } from '../../store/sql/outcome-count.ts';
import { allStations } from '../../store/sql/station.ts';
import type { Context } from '../core/context.ts';
import type { Overview } from './peers/schemas.ts';
import type { Finder } from './sessions/find-session.ts';
import { outcomeOf, viewEvent } from './sessions/view-session.ts';

const HOUR_MS = 3_600_000;
const MOST_SHOWN = 20;
/** However many pages are open, the store is asked once in this time. */
const FRESH_MS = 2_000;

/** The whole node at a glance. */
export function createOverview(context: Context, finder: Pick<Finder, 'parties'>): () => Promise<Overview> {
  let last: { until: EpochMillis; overview: Promise<Overview> } | undefined;
  return () => {
    const now = context.clock.now();
    if (!last || last.until <= now) last = { until: epochMillis(now + FRESH_MS), overview: look(context, finder) };
    const { overview } = last;
    overview.catch(() => {
      last = undefined; // what failed is asked again
    });
    return overview;
  };
}

async function look(context: Context, { parties }: Pick<Finder, 'parties'>): Promise<Overview> {
  const { store, clock, config, peers, recentErrors } = context;
  const now = clock.now();
  const [sessions, exchanges, stations, known, halted, security] = await Promise.all([
    store.all(sessionsByStatus(parties)),
    store.all(exchangesByMinute(epochMillis(now - HOUR_MS))),
    store.all(allStations()),
    peers.all(),
    store.all(haltedParties),
    store.all(newestSecurity(MOST_SHOWN)),
  ]);
  const ours = new Set(config.charge_points.map(({ id }) => id));
  return {
    at: printDateTime(now),
    sessions: Object.fromEntries(sessions.map(({ status, count }) => [status, count])),
    exchanges: addUp(exchanges.map((it) => ({ ...it, key: printDateTime(it.minute) }))).map(({ key, outcome, count }) => ({ minute: key, outcome, count })),
    stations: { connected: stations.filter(({ id, online }) => online && ours.has(id)).length, known: ours.size },
    peers: Object.fromEntries([...Map.groupBy(known, ({ status }) => status)].map(([status, them]) => [status, them.length])),
    halted: [...halted],
    security: security.flatMap((it) => {
      const view = viewEvent(it);
      return view?.kind === 'security' ? [{ id: view.id, at: view.at, ...view.data }] : [];
    }),
    complaints: recentErrors
      .slice(-MOST_SHOWN)
      .toReversed()
      .map(({ at, what, says }) => ({ at: printDateTime(at), what, says })),
  };
}

type Word = Overview['exchanges'][number]['outcome'];

/** Adds up by a key and the outcome's word; several states lead to one word. */
export function addUp(tallies: readonly (OutcomeCount & { key: string })[]): { key: string; outcome: Word; count: number }[] {
  const sums = new Map<string, { key: string; outcome: Word; count: number }>();
  for (const { key, count, ...tally } of tallies) {
    const outcome: Word = outcomeOf(tally) ?? 'OPEN';
    const sum = sums.get(`${key} ${outcome}`) ?? { key, outcome, count: 0 };
    sums.set(`${key} ${outcome}`, { ...sum, count: sum.count + count });
  }
  return [...sums.values()];
}
