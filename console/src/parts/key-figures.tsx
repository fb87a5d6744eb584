import type { ComponentChildren } from 'preact';
import type { SessionView } from '../data/api-types.ts';
import type { Overview } from '../data/console-api-types.ts';
import { powerText } from '../data/quantity.ts';
import { Link } from './link.tsx';

interface KeyFiguresProps {
  overview: Overview;
  /** The running sessions. */
  sessions: readonly SessionView[];
  deviations: number;
}

/** Six figures about the node; each links to its page. */
export function KeyFigures({ overview, sessions: running, deviations }: KeyFiguresProps) {
  const { sessions, stations, peers, halted } = overview;
  const metered = running.filter(({ power }) => power !== undefined);
  const total = metered.reduce((sum, it) => sum + (it.power ?? 0), 0);
  const sites = new Set(metered.map(({ session }) => session.location_id)).size;
  const unknown = running.length > 0 && metered.length === 0;
  const recent = overview.exchanges.filter(({ minute }) => Date.parse(minute) > Date.parse(overview.at) - 300_000).reduce((sum, it) => sum + it.count, 0);
  const alarms = overview.security.length + overview.complaints.length;
  return (
    <div class="figures">
      <KeyFigure to={['sessions']} name="Sessions now" value={sessions.ACTIVE ?? 0} note={`${sessions.PENDING ?? 0} pending`} />
      <KeyFigure
        to={['sites']}
        name="Load now"
        value={unknown ? '–' : powerText(total)}
        note={unknown ? 'no power reported' : `at ${sites} ${sites === 1 ? 'site' : 'sites'}`}
      />
      <KeyFigure to={['exchanges']} name="Exchanges / min" value={(recent / 5).toFixed(1)} note="last 5 min" />
      <KeyFigure to={['stations']} name="Stations" value={`${stations.connected} / ${stations.known}`} note="connected" />
      <KeyFigure
        to={['parties']}
        name="Peers"
        value={peers.REGISTERED ?? 0}
        note={halted.length > 0 ? `${halted.length} ${halted.length === 1 ? 'party' : 'parties'} halted` : `${peers.INVITED ?? 0} invited`}
      />
      <KeyFigure to={['audit']} name="Alarms" value={alarms} note={deviations === 1 ? '1 deviation' : `${deviations} deviations`} />
    </div>
  );
}

const KeyFigure = ({ to, name, value, note }: { to: readonly string[]; name: string; value: ComponentChildren; note: string }) => (
  <Link to={to} class="card figure">
    <span class="small soft">{name}</span>
    <b>{value}</b>
    <span class="small soft">{note}</span>
  </Link>
);
