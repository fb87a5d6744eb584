import { useResource } from '../data/resource.ts';
import type { PeerView } from '../data/api-types.ts';
import { Badge } from '../parts/badge.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { namesOf } from '../parts/overview-tables.tsx';
import { Link, PeerLink } from '../parts/link.tsx';
import { Time } from '../parts/time.tsx';
import { type Column, Table, SaveCsv } from '../parts/table.tsx';

const columns: readonly Column<PeerView>[] = [
  { name: 'Party', show: (it) => <PeerLink peer={it.id} />, plain: (it) => it.id },
  { name: 'Name', show: namesOf, plain: namesOf },
  { name: 'Roles', show: rolesOf, plain: rolesOf },
  { name: 'OCPI', show: (it) => it.edition ?? '–', plain: (it) => it.edition },
  { name: 'Modules', show: (it) => String(new Set(it.modules.map(({ identifier }) => identifier)).size), plain: (it) => it.modules.length, right: true },
  { name: 'Since', show: (it) => <Time at={it.registered_at} />, plain: (it) => it.registered_at },
  { name: 'State', show: (it) => <Badge word={it.status} />, plain: (it) => it.status },
];

function rolesOf({ roles }: PeerView): string {
  return roles.map((it) => `${it.role} ${it.country_code}*${it.party_id}`).join(', ') || '–';
}

/** The platforms that this node is connected with, or has invited. */
export function PeersPage() {
  const peers = useResource<{ items: PeerView[] }>('peers', undefined, { everySeconds: 10 });
  const items = peers.value?.items ?? [];
  return (
    <Page
      title="Parties"
      actions={
        <Link to={['connect']} class="button first">
          Connect a party
        </Link>
      }
    >
      <Card title="Connected and invited" actions={<SaveCsv name="Parties" columns={columns} rows={items} />}>
        <Loaded of={peers}>
          {() =>
            items.length > 0 ? (
              <Table name="Parties" columns={columns} rows={items} idOf={(it) => it.id} />
            ) : (
              <Empty what="No party yet">
                <Link to={['connect']}>Invite one, or register at its platform</Link>: it takes two minutes.
              </Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}
