import type { PeerView } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { Link, PeerLink } from '../parts/link.tsx';
import { namesOf } from '../parts/overview-tables.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { type Column, SaveCsv, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';

const columns: readonly Column<PeerView>[] = [
  { name: 'Peer', show: (it) => <PeerLink peer={it.id} />, plain: (it) => it.id },
  { name: 'Name', show: namesOf, plain: namesOf },
  { name: 'Roles', show: rolesOf, plain: rolesOf },
  { name: 'OCPI', show: (it) => it.edition ?? '–', plain: (it) => it.edition },
  { name: 'Modules', show: (it) => String(new Set(it.modules.map(({ identifier }) => identifier)).size), plain: (it) => it.modules.length, right: true },
  { name: 'Registered', show: (it) => <Time at={it.registered_at} />, plain: (it) => it.registered_at },
  { name: 'Status', show: (it) => <Badge value={it.status} />, plain: (it) => it.status },
];

function rolesOf({ roles }: PeerView): string {
  return roles.map((it) => `${it.role} ${it.country_code}*${it.party_id}`).join(', ') || '–';
}

/** The peers of this node: platforms that are registered or invited. */
export function PeersPage() {
  const peers = useResource<{ items: PeerView[] }>('peers', undefined, { everySeconds: 10 });
  const items = peers.value?.items ?? [];
  return (
    <Page
      title="Peers"
      actions={
        <Link to={['connect']} class="button first">
          Connect a peer
        </Link>
      }
    >
      <Card title="Registered and invited" actions={<SaveCsv name="Peers" columns={columns} rows={items} />}>
        <Loaded of={peers}>
          {() =>
            items.length > 0 ? (
              <Table name="Peers" columns={columns} rows={items} idOf={(it) => it.id} />
            ) : (
              <Empty what="No peers yet">
                <Link to={['connect']}>Connect a peer</Link>
              </Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}
