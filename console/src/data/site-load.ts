import { useEffect, useState } from 'preact/hooks';
import { callApi, segment } from './api-client.ts';
import type { Listed, SessionView } from './api-types.ts';
import type { Load, Series } from './console-api-types.ts';
import { nodeNow } from './node-clock.ts';
import type { Point } from './point.ts';
import { useResource } from './resource.ts';

/** At most so many sessions are added up when the node gives no load. */
const MOST_SERIES = 12;
/** Seconds that a chart shows at least, also when the first session has just begun. */
const SHORTEST_S = 600;

/** Metered power of each site over the last hour. When the node gives none, the page adds up the sessions. */
export function useSiteLoad(sessions: Listed<SessionView> | undefined): Load | undefined {
  const load = useResource<Load>('load', { minutes: 60 }, { everySeconds: 15, refreshOn: (event) => event.kind === 'session' });
  const [summed, setSummed] = useState<Load | undefined>(undefined);
  const missing = load.failure !== undefined && load.value === undefined;
  const own = (sessions?.items ?? []).filter((it) => it.side === 'own').slice(0, MOST_SERIES);
  const sessionsKey = own.map((it) => `${it.key} ${it.power}`).join();
  useEffect(() => {
    if (!missing || sessions === undefined) return;
    let left = false;
    void loadFromSeries(own).then((it) => !left && setSummed(it));
    return () => {
      left = true;
    };
  }, [missing, sessionsKey]);
  return load.value ?? summed;
}

async function loadFromSeries(sessions: readonly SessionView[]): Promise<Load> {
  const to = nodeNow();
  const from = to - 3600;
  const series = await Promise.all(sessions.map((it) => callApi<Series>(`sessions/${segment(it.key)}/series`, { background: true })));
  const sites = new Map<string, { sessions: number; lines: (readonly Point[])[] }>();
  for (const [n, answer] of series.entries()) {
    const location = sessions[n]?.session.location_id;
    if (!answer.ok || location === undefined) continue;
    const site = sites.get(location) ?? { sessions: 0, lines: [] };
    sites.set(location, { sessions: site.sessions + 1, lines: [...site.lines, answer.value.lines.metered.filter(([, watts]) => watts !== null)] });
  }
  const load = [...sites].map(([location_id, { sessions: count, lines }]) => ({ location_id, sessions: count, load: sum(lines, from) }));
  const first = Math.min(to, ...load.flatMap((it) => it.load.slice(0, 1).map(([at]) => at)));
  return { from: new Date(Math.max(from, Math.min(first - 60, to - SHORTEST_S)) * 1000).toISOString(), to: new Date(to * 1000).toISOString(), sites: load };
}

/** The sum of several step lines. */
function sum(lines: readonly (readonly Point[])[], from: number): Point[] {
  const changes = lines
    .flatMap((points) => points.map(([at, value], n) => ({ at: Math.max(at, from), by: (value ?? 0) - (points[n - 1]?.[1] ?? 0) })))
    .sort((a, b) => a.at - b.at);
  const points: [number, number][] = [];
  let total = 0;
  for (const { at, by } of changes) {
    total += by;
    const last = points.at(-1);
    if (last?.[0] === at) last[1] = total;
    else points.push([at, total]);
  }
  return points;
}
