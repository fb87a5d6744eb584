import type { ComponentChildren } from 'preact';
import type { Overview } from '../data/console-api-types.ts';
import { powerText } from '../data/quantity.ts';
import { Link } from './link.tsx';

/** Six figures about the node; each links to its page. */
export function KeyFigures({ overview }: { overview: Overview }) {
  const { sessions, load, stations, peers, halted, deviations } = overview;
  const isUnknown = (sessions.ACTIVE ?? 0) > 0 && load.sessions === 0;
  const recent = overview.exchanges.filter(({ minute }) => Date.parse(minute) > Date.parse(overview.at) - 300_000).reduce((sum, it) => sum + it.count, 0);
  return (
    <div class="figures">
      <KeyFigure to={['sessions']} name="Sessions now" value={sessions.ACTIVE ?? 0} note={`${sessions.PENDING ?? 0} pending`} />
      <KeyFigure
        to={['sites']}
        name="Load now"
        value={isUnknown ? '–' : powerText(load.watts)}
        note={isUnknown ? 'no power reported' : `at ${load.locations} ${load.locations === 1 ? 'location' : 'locations'}`}
      />
      <KeyFigure to={['exchanges']} name="Exchanges / min" value={(recent / 5).toFixed(1)} note="last 5 min" />
      <KeyFigure to={['stations']} name="Stations" value={`${stations.connected} / ${stations.known}`} note="connected" />
      <KeyFigure
        to={['parties']}
        name="Peers"
        value={peers.REGISTERED ?? 0}
        note={halted.length > 0 ? `${halted.length} ${halted.length === 1 ? 'party' : 'parties'} halted` : `${peers.INVITED ?? 0} invited`}
      />
      <KeyFigure to={['audit']} name="Alarms" value={overview.alarms} note={deviations.count === 1 ? '1 deviation' : `${deviations.count} deviations`} />
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
