import type { Overview } from '../data/console-api-types.ts';
import type { Deviation } from '../data/deviations.ts';
import { securityLabel } from '../data/labels.ts';
import { text } from '../text/text.ts';
import { PeerLink, SessionLink } from './link.tsx';
import { NodeText } from './node-text.tsx';
import { Empty } from './page.tsx';
import { Time } from './time.tsx';

/** What an operator should look at: sessions that deviate, security events, and errors that the node reported. */
export function Alarms({ overview, deviations }: { overview: Overview; deviations: readonly Deviation[] }) {
  const { security, complaints, halted } = overview;
  if (deviations.length + security.length + complaints.length === 0) return <Empty what={text().overview.alarms.none}>{text().overview.alarms.noneHelp}</Empty>;
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
      {deviations.map((it) => (
        <li key={`${it.session} ${it.text}`} class="row alarm">
          <span class="badge warn">{text().overview.alarms.deviation}</span> <SessionLink session={it.session} /> {it.text}
        </li>
      ))}
      {alarms.map((it) => (
        <li key={it.key} class="row alarm">
          <span class="badge bad">{it.label}</span> <Time at={it.at} /> {it.peer !== undefined && <PeerLink peer={it.peer} />} <NodeText>{it.text}</NodeText>{' '}
          {it.halted !== undefined && text().overview.alarms.halted(it.halted)}
        </li>
      ))}
    </ul>
  );
}
