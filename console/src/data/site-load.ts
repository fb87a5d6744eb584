import { useEffect, useState } from 'preact/hooks';
import { callApi, segment } from './api-client.ts';
import type { Load, Point, Series } from './console-api-types.ts';
import { nodeNow } from './node-clock.ts';
import { useResource } from './resource.ts';
import type { Listed, SessionView } from './api-types.ts';

/** Sessions whose own series are added up when the node keeps no sums. */
const MOST_SERIES = 12;
/** Seconds that a chart shows at least, on a node that has just begun. */
const SHORTEST_S = 600;

/** The power that each site takes over the last hour. */
export function useSiteLoad(sessions: Listed<SessionView> | undefined): Load | undefined {
  const whole = useResource<Load>('load', { minutes: 60 }, { everySeconds: 15, refreshOn: (event) => event.kind === 'session' });
  const [summed, setSummed] = useState<Load | undefined>(undefined);
  const unknown = whole.failure !== undefined && whole.value === undefined;
  const keys = (sessions?.items ?? []).filter((it) => it.side === 'own').slice(0, MOST_SERIES);
  const line = keys.map((it) => `${it.key} ${it.power}`).join();
  useEffect(() => {
    if (!unknown || sessions === undefined) return;
    let left = false;
    void loadFromSeries(keys).then((it) => !left && setSummed(it));
    return () => {
      left = true;
    };
  }, [unknown, line]);
  return whole.value ?? summed;
}

async function loadFromSeries(sessions: readonly SessionView[]): Promise<Load> {
  const to = nodeNow();
  const from = to - 3600;
  const series = await Promise.all(sessions.map((it) => callApi<Series>(`sessions/${segment(it.key)}/series`, { background: true })));
  const sites = new Map<string, { sessions: number; lines: (readonly Point[])[] }>();
  for (const [n, answer] of series.entries()) {
    const place = sessions[n]?.session.location_id;
    if (!answer.ok || place === undefined) continue;
    const site = sites.get(place) ?? { sessions: 0, lines: [] };
    sites.set(place, { sessions: site.sessions + 1, lines: [...site.lines, answer.value.lines.metered.filter(([, watts]) => watts !== null)] });
  }
  const load = [...sites].map(([location_id, { sessions: count, lines }]) => ({ location_id, sessions: count, load: sum(lines, from) }));
  const first = Math.min(to, ...load.flatMap((it) => it.load.slice(0, 1).map(([at]) => at)));
  return { from: new Date(Math.max(from, Math.min(first - 60, to - SHORTEST_S)) * 1000).toISOString(), to: new Date(to * 1000).toISOString(), sites: load };
}

/** Several step lines as one. */
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
