import type { Overview } from '../data/console-api-types.ts';
import { securityLabel } from '../data/labels.ts';
import { text } from '../text/text.ts';
import { Link, PeerLink, SessionLink, StationLink } from './link.tsx';
import { NodeText } from './node-text.tsx';
import { Empty } from './page.tsx';
import { Time } from './time.tsx';

/** What an operator should look at: sessions that deviate, sites above a limit, stations that are away or refuse, security events, and errors of the node. */
export function Alarms({ overview }: { overview: Overview }) {
  const { security, complaints, halted, deviations, exceeded, unhealthy } = overview;
  const texts = text().overview.alarms;
  if (overview.alarms === 0) return <Empty what={texts.none}>{texts.noneHelp}</Empty>;
  const more = deviations.count - deviations.items.length;
  const alarms = [
    ...security.map((it) => ({
      at: it.at,
      label: securityLabel(it.kind),
      peer: it.peer,
      text: it.says,
      // Rights often end because an operator halted the party.
      halted: it.party !== undefined && halted.includes(it.party) ? it.party : undefined,
      key: `security ${it.id}`,
    })),
    ...complaints.map((it, n) => ({ at: it.at, label: it.what, peer: undefined, text: it.says, halted: undefined, key: `complaint ${n}` })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <ul class="life">
      {deviations.items.map((it) => (
        <li key={`${it.session} ${it.kind} ${it.says}`} class="row alarm">
          <span class="badge warn">{texts.kinds[it.kind]}</span> <SessionLink session={it.session} />
          {it.station !== undefined && <StationLink station={it.station} />} <NodeText>{it.says}</NodeText>
        </li>
      ))}
      {more > 0 && <li class="small soft">{texts.more(more)}</li>}
      {exceeded.map((it) => (
        <li key={`exceeded ${it.site} ${it.where}`} class="row alarm">
          <span class="badge bad">{texts.exceeded}</span> <Link to={['sites']}>{it.site}</Link> <NodeText>{it.where}</NodeText>
        </li>
      ))}
      {unhealthy.map((it) => (
        <li key={`station ${it.station}`} class="row alarm">
          <span class="badge bad">{texts.station}</span> <StationLink station={it.station} /> <NodeText>{it.reason}</NodeText>
        </li>
      ))}
      {alarms.map((it) => (
        <li key={it.key} class="row alarm">
          <span class="badge bad">{it.label}</span> <Time at={it.at} /> {it.peer !== undefined && <PeerLink peer={it.peer} />} <NodeText>{it.text}</NodeText>{' '}
          {it.halted !== undefined && texts.halted(it.halted)}
        </li>
      ))}
    </ul>
  );
}
