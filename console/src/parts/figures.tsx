import type { ComponentChildren } from 'preact';
import { valueAt } from '../data/chart.ts';
import type { Load, Overview } from '../data/console-words.ts';
import { power } from '../data/quantity.ts';
import { Link } from './link.tsx';

/** The node in six numbers, each a way to what is behind it. */
export function Figures({ overview, load, deviations }: { overview: Overview; load: Load | undefined; deviations: number }) {
  const { sessions, stations, peers, halted } = overview;
  const total = load?.sites.reduce((sum, it) => sum + (valueAt(it.load, Date.parse(load.to) / 1000) ?? 0), 0);
  const lately = overview.exchanges.filter(({ minute }) => Date.parse(minute) > Date.parse(overview.at) - 300_000).reduce((sum, it) => sum + it.count, 0);
  const alarms = overview.security.length + overview.complaints.length;
  return (
    <div class="figures">
      <Figure to={['sessions']} name="Sessions now" value={sessions.ACTIVE ?? 0} note={`${sessions.PENDING ?? 0} pending`} />
      <Figure to={['sites']} name="Load now" value={total === undefined ? '–' : power(total)} note={sitesIn(load)} />
      <Figure to={['exchanges']} name="Exchanges" value={(lately / 5).toFixed(1)} note="per minute, last 5 min" />
      <Figure to={['stations']} name="Stations" value={`${stations.connected} / ${stations.known}`} note="connected" />
      <Figure
        to={['parties']}
        name="Parties"
        value={peers.REGISTERED ?? 0}
        note={halted.length > 0 ? `${halted.length} halted` : `registered, ${peers.INVITED ?? 0} invited`}
      />
      <Figure to={['audit']} name="Alarms" value={alarms} note={deviations === 1 ? '1 deviation' : `${deviations} deviations`} />
    </div>
  );
}

const sitesIn = (load: Load | undefined) => {
  const count = load?.sites.length ?? 0;
  return `at ${count} ${count === 1 ? 'site' : 'sites'}`;
};

const Figure = ({ to, name, value, note }: { to: readonly string[]; name: string; value: ComponentChildren; note: string }) => (
  <Link to={to} class="card figure">
    <span class="small soft">{name}</span>
    <b>{value}</b>
    <span class="small soft">{note}</span>
  </Link>
);
