import type { PeerView, StationView } from '../data/api-types.ts';
import { text } from '../text/text.ts';
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
      <Empty what={text().peer.none}>
        <Link to={['connect']}>{text().peer.connect}</Link>
      </Empty>
    );
  return (
    <Table
      name={text().peer.plural}
      rows={peers.slice(0, 10)}
      idOf={(it) => it.id}
      columns={[
        { name: text().peer.columns.peer, show: (it) => <PeerLink peer={it.id} /> },
        { name: text().peer.columns.name, show: namesOf },
        { name: text().peer.columns.ocpi, show: (it) => it.edition ?? '–', minor: true },
        {
          name: text().peer.columns.status,
          show: (it) => <Badge value={halted.some((party) => party === it.id || partiesOf(it).includes(party)) ? 'HALTED' : it.status} />,
        },
      ]}
    />
  );
}

/** The first ten stations with their status; those that are not healthy come first. */
export function StationTable({ stations }: { stations: readonly StationView[] }) {
  if (stations.length === 0) return <Empty what={text().station.none}>{text().station.noneHelp}</Empty>;
  const ordered = stations.toSorted((a, b) => Number(a.health.state === 'healthy') - Number(b.health.state === 'healthy'));
  return (
    <Table
      name={text().station.plural}
      rows={ordered.slice(0, 10)}
      idOf={(it) => it.id}
      columns={[
        { name: text().station.columns.station, show: (it) => <StationLink station={it.id} /> },
        { name: text().station.columns.ocpp, show: (it) => it.ocpp ?? '–', minor: true },
        { name: text().station.columns.status, show: (it) => <StationHealth station={it} /> },
        { name: text().station.columns.heard, show: (it) => <Time at={it.heard_at} />, minor: true },
      ]}
    />
  );
}
