import type { ComponentChildren } from 'preact';
import type { SessionView } from '../data/api-types.ts';
import type { Overview } from '../data/console-api-types.ts';
import { fixedText, powerText } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { Link } from './link.tsx';

interface KeyFiguresProps {
  overview: Overview;
  /** The running sessions. */
  sessions: readonly SessionView[];
  deviations: number;
}

/** Six figures about the node; each links to its page. */
export function KeyFigures({ overview, sessions: running, deviations }: KeyFiguresProps) {
  const { figures } = text().overview;
  const { sessions, stations, peers, halted } = overview;
  const metered = running.filter(({ power }) => power !== undefined);
  const total = metered.reduce((sum, it) => sum + (it.power ?? 0), 0);
  const sites = new Set(metered.map(({ session }) => session.location_id)).size;
  const unknown = running.length > 0 && metered.length === 0;
  const recent = overview.exchanges.filter(({ minute }) => Date.parse(minute) > Date.parse(overview.at) - 300_000).reduce((sum, it) => sum + it.count, 0);
  const alarms = overview.security.length + overview.complaints.length;
  return (
    <div class="figures">
      <KeyFigure to={['sessions']} name={figures.sessions} value={sessions.ACTIVE ?? 0} note={figures.pending(sessions.PENDING ?? 0)} />
      <KeyFigure to={['sites']} name={figures.load} value={unknown ? '–' : powerText(total)} note={unknown ? figures.noPower : figures.atSites(sites)} />
      <KeyFigure to={['exchanges']} name={figures.exchanges} value={fixedText(recent / 5, 1)} note={figures.exchangesNote} />
      <KeyFigure to={['stations']} name={figures.stations} value={`${stations.connected} / ${stations.known}`} note={figures.connected} />
      <KeyFigure
        to={['parties']}
        name={figures.peers}
        value={peers.REGISTERED ?? 0}
        note={halted.length > 0 ? figures.halted(halted.length) : figures.invited(peers.INVITED ?? 0)}
      />
      <KeyFigure to={['audit']} name={figures.alarms} value={alarms} note={figures.deviations(deviations)} />
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
