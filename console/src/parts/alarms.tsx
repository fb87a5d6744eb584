import type { Overview } from '../data/console-api-types.ts';
import { securityLabel } from '../data/labels.ts';
import { Link, PeerLink, SessionLink, StationLink } from './link.tsx';
import { Empty } from './page.tsx';
import { Time } from './time.tsx';

const DEVIATIONS = { deviation: 'deviation', 'above-limit': 'above its limit', uncertain: 'not certain' } as const;

/** What an operator should look at: sessions that deviate, sites above a limit, stations that are away or refuse, security events, and errors of the node. */
export function Alarms({ overview }: { overview: Overview }) {
  const { security, complaints, halted, deviations, exceeded, unhealthy } = overview;
  if (overview.alarms === 0) return <Empty what="No alarms">There are no alarms and no deviations.</Empty>;
  const more = deviations.count - deviations.items.length;
  const alarms = [
    ...security.map((it) => ({
      at: it.at,
      label: securityLabel(it.kind),
      peer: it.peer,
      text: `${it.says}${haltNote(it.party, halted)}`,
      key: `security ${it.id}`,
    })),
    ...complaints.map((it, n) => ({ at: it.at, label: it.what, peer: undefined, text: it.says, key: `complaint ${n}` })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <ul class="life">
      {deviations.items.map((it) => (
        <li key={`${it.session} ${it.kind} ${it.says}`} class="row alarm">
          <span class="badge warn">{DEVIATIONS[it.kind]}</span> <SessionLink session={it.session} />
          {it.station !== undefined && <StationLink station={it.station} />} <span>{it.says}</span>
        </li>
      ))}
      {more > 0 && <li class="small soft">and {more} more sessions</li>}
      {exceeded.map((it) => (
        <li key={`exceeded ${it.site} ${it.where}`} class="row alarm">
          <span class="badge bad">site above limit</span> <Link to={['sites']}>{it.site}</Link> <span>{it.where}</span>
        </li>
      ))}
      {unhealthy.map((it) => (
        <li key={`station ${it.station}`} class="row alarm">
          <span class="badge bad">station</span> <StationLink station={it.station} /> <span>{it.reason}</span>
        </li>
      ))}
      {alarms.map((it) => (
        <li key={it.key} class="row alarm">
          <span class="badge bad">{it.label}</span> <Time at={it.at} /> {it.peer !== undefined && <PeerLink peer={it.peer} />} <span>{it.text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Rights often end because an operator halted the party. */
const haltNote = (party: string | undefined, halted: readonly string[]) => (party !== undefined && halted.includes(party) ? ` (${party} is halted)` : '');
