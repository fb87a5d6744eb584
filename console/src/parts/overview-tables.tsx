import type { PeerView, StationView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { Link, PeerLink, StationLink } from './link.tsx';
import { Empty } from './page.tsx';
import { StationHealth } from './station-health.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

/** The names of a peer's parties, or a dash. */
export const namesOf = ({ roles }: PeerView): string =>
  roles
    .map((it) => it.name)
    .filter((it) => it !== '')
    .join(', ') || '–';
const partiesOf = (peer: PeerView) => peer.roles.map((it) => `${it.country_code}*${it.party_id}`);

/** The first ten peers with their status. */
export function PeerTable({ peers, halted }: { peers: readonly PeerView[]; halted: readonly string[] }) {
  if (peers.length === 0)
    return (
      <Empty what="No peers yet">
        <Link to={['connect']}>Connect a peer</Link>
      </Empty>
    );
  return (
    <Table
      name="Peers"
      rows={peers.slice(0, 10)}
      idOf={(it) => it.id}
      columns={[
        { name: 'Peer', show: (it) => <PeerLink peer={it.id} /> },
        { name: 'Name', show: namesOf },
        { name: 'OCPI', show: (it) => it.edition ?? '–' },
        { name: 'Status', show: (it) => <Badge value={halted.some((party) => party === it.id || partiesOf(it).includes(party)) ? 'HALTED' : it.status} /> },
      ]}
    />
  );
}

/** The first ten stations with their status; those that are not healthy come first. */
export function StationTable({ stations }: { stations: readonly StationView[] }) {
  if (stations.length === 0) return <Empty what="No stations">The configuration of this node has none (charge_points).</Empty>;
  const ordered = stations.toSorted((a, b) => Number(a.health.state === 'healthy') - Number(b.health.state === 'healthy'));
  return (
    <Table
      name="Stations"
      rows={ordered.slice(0, 10)}
      idOf={(it) => it.id}
      columns={[
        { name: 'Station', show: (it) => <StationLink station={it.id} /> },
        { name: 'OCPP', show: (it) => it.ocpp ?? '–' },
        { name: 'Status', show: (it) => <StationHealth station={it} /> },
        { name: 'Heard', show: (it) => <Time at={it.heard_at} /> },
      ]}
    />
  );
}
