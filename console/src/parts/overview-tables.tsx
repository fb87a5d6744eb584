import type { PeerView, StationView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { Empty } from './page.tsx';
import { Link, PeerLink, StationLink } from './link.tsx';
import { Time } from './time.tsx';
import { Table } from './table.tsx';

/** The words that name a party: its names, or those it was invited by. */
export const namesOf = ({ roles }: PeerView): string =>
  roles
    .map((it) => it.name)
    .filter((it) => it !== '')
    .join(', ') || '–';
const keysOf = (peer: PeerView) => peer.roles.map((it) => `${it.country_code}*${it.party_id}`);

/** Parties, and how they are. */
export function PeerTable({ peers, halted }: { peers: readonly PeerView[]; halted: readonly string[] }) {
  if (peers.length === 0)
    return (
      <Empty what="No party yet">
        <Link to={['connect']}>Invite one, or register at its platform</Link>: it takes two minutes.
      </Empty>
    );
  return (
    <Table
      name="Parties"
      rows={peers.slice(0, 10)}
      idOf={(it) => it.id}
      columns={[
        { name: 'Party', show: (it) => <PeerLink peer={it.id} /> },
        { name: 'Name', show: namesOf },
        { name: 'OCPI', show: (it) => it.edition ?? '–' },
        { name: 'State', show: (it) => <Badge word={halted.some((party) => party === it.id || keysOf(it).includes(party)) ? 'HALTED' : it.status} /> },
      ]}
    />
  );
}

/** Charge points, and how they are; those that are away first. */
export function StationTable({ stations }: { stations: readonly StationView[] }) {
  if (stations.length === 0) return <Empty what="No charge points">This node has none in its configuration.</Empty>;
  const ordered = stations.toSorted((a, b) => Number(a.online) - Number(b.online));
  return (
    <Table
      name="Stations"
      rows={ordered.slice(0, 10)}
      idOf={(it) => it.id}
      columns={[
        { name: 'Station', show: (it) => <StationLink station={it.id} /> },
        { name: 'OCPP', show: (it) => it.ocpp ?? '–' },
        { name: 'Heard', show: (it) => <Time at={it.seen_at} /> },
        { name: 'State', show: (it) => <Badge word={it.online ? 'ONLINE' : 'OFFLINE'} /> },
      ]}
    />
  );
}
