import type { Overview } from '../data/console-api-types.ts';
import type { Deviation } from '../data/deviations.ts';
import { Empty } from './page.tsx';
import { PeerLink, SessionLink } from './link.tsx';
import { Time } from './time.tsx';

/** What somebody should look at: sessions that deviate, security events, and complaints of the node. */
export function Alarms({ overview, deviations }: { overview: Overview; deviations: readonly Deviation[] }) {
  const { security, complaints } = overview;
  if (deviations.length + security.length + complaints.length === 0) return <Empty what="All quiet">No alarms, no deviations.</Empty>;
  const told = [
    ...security.map((it) => ({ at: it.at, kind: it.kind, peer: it.peer, says: it.says, key: `security ${it.id}` })),
    ...complaints.map((it, n) => ({ at: it.at, kind: it.what, peer: undefined, says: it.says, key: `complaint ${n}` })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <ul class="life">
      {deviations.map((it) => (
        <li key={`${it.session} ${it.text}`} class="row alarm">
          <span class="badge warn">deviation</span> <SessionLink session={it.session} /> {it.text}
        </li>
      ))}
      {told.map((it) => (
        <li key={it.key} class="row alarm">
          <span class="badge bad">{it.kind.replaceAll('-', ' ')}</span> <Time at={it.at} /> {it.peer !== undefined && <PeerLink peer={it.peer} />}{' '}
          <span>{it.says}</span>
        </li>
      ))}
    </ul>
  );
}
