import type { ComponentChildren } from 'preact';
import type { Overview } from '../data/console-api-types.ts';
import { fixedText, powerText } from '../data/quantity.ts';
import { text } from '../text/text.ts';
import { Link } from './link.tsx';

/** Six figures about the node; each links to its page. */
export function KeyFigures({ overview }: { overview: Overview }) {
  const { figures } = text().overview;
  const { sessions, load, stations, peers, halted, deviations } = overview;
  const isUnknown = (sessions.ACTIVE ?? 0) > 0 && load.sessions === 0;
  const recent = overview.exchanges.filter(({ minute }) => Date.parse(minute) > Date.parse(overview.at) - 300_000).reduce((sum, it) => sum + it.count, 0);
  return (
    <div class="figures">
      <KeyFigure to={['sessions']} name={figures.sessions} value={sessions.ACTIVE ?? 0} note={figures.pending(sessions.PENDING ?? 0)} />
      <KeyFigure
        to={['sites']}
        name={figures.load}
        value={isUnknown ? '–' : powerText(load.watts)}
        note={isUnknown ? figures.noPower : figures.atLocations(load.locations)}
      />
      <KeyFigure to={['exchanges']} name={figures.exchanges} value={fixedText(recent / 5, 1)} note={figures.exchangesNote} />
      <KeyFigure to={['stations']} name={figures.stations} value={`${stations.connected} / ${stations.known}`} note={figures.connected} />
      <KeyFigure
        to={['parties']}
        name={figures.peers}
        value={peers.REGISTERED ?? 0}
        note={halted.length > 0 ? figures.halted(halted.length) : figures.invited(peers.INVITED ?? 0)}
      />
      <KeyFigure to={['audit']} name={figures.alarms} value={overview.alarms} note={figures.deviations(deviations.count)} />
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
