import type { PeerView } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { Link, PeerLink } from '../parts/link.tsx';
import { namesOf } from '../parts/overview-tables.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { type Column, SaveCsv, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';

const columnsOf = ({ columns }: Texts['peer']): readonly Column<PeerView>[] => [
  { name: columns.peer, show: (it) => <PeerLink peer={it.id} />, plain: (it) => it.id },
  { name: columns.name, show: namesOf, plain: namesOf },
  { name: columns.roles, show: rolesOf, plain: rolesOf },
  { name: columns.ocpi, show: (it) => it.edition ?? '–', plain: (it) => it.edition },
  { name: columns.modules, show: (it) => String(new Set(it.modules.map(({ identifier }) => identifier)).size), plain: (it) => it.modules.length, right: true },
  { name: columns.registered, show: (it) => <Time at={it.registered_at} />, plain: (it) => it.registered_at },
  { name: columns.status, show: (it) => <Badge value={it.status} />, plain: (it) => it.status },
];

function rolesOf({ roles }: PeerView): string {
  return roles.map((it) => `${it.role} ${it.country_code}*${it.party_id}`).join(', ') || '–';
}

/** The peers of this node: platforms that are registered or invited. */
export function PeersPage() {
  const peers = useResource<{ items: PeerView[] }>('peers', undefined, { everySeconds: 10 });
  const items = peers.value?.items ?? [];
  const columns = columnsOf(text().peer);
  return (
    <Page
      title={text().peer.plural}
      actions={
        <Link to={['connect']} class="button first">
          {text().peer.connect}
        </Link>
      }
    >
      <Card title={text().peer.card} actions={<SaveCsv name={text().peer.plural} columns={columns} rows={items} />}>
        <Loaded of={peers}>
          {() =>
            items.length > 0 ? (
              <Table name={text().peer.plural} columns={columns} rows={items} idOf={(it) => it.id} />
            ) : (
              <Empty what={text().peer.none}>
                <Link to={['connect']}>{text().peer.connect}</Link>
              </Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}
