import { useResource } from '../data/resource.ts';
import type { StationView } from '../data/api-types.ts';
import { Badge } from '../parts/badge.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { StationLink } from '../parts/link.tsx';
import { Time } from '../parts/time.tsx';
import { type Column, Table, SaveCsv } from '../parts/table.tsx';

const made = (it: StationView) => [it.vendor, it.model, it.firmware].filter((word) => word !== undefined).join(' ') || '–';

const columns: readonly Column<StationView>[] = [
  { name: 'Station', show: (it) => <StationLink station={it.id} />, plain: (it) => it.id },
  { name: 'State', show: (it) => <Badge word={it.online ? 'ONLINE' : 'OFFLINE'} />, plain: (it) => (it.online ? 'online' : 'offline') },
  { name: 'Location', show: (it) => it.location_id ?? '–', plain: (it) => it.location_id },
  { name: 'OCPP', show: (it) => it.ocpp ?? '–', plain: (it) => it.ocpp },
  { name: 'Made by', show: made, plain: made },
  { name: 'EVSEs', show: (it) => it.evses.map(({ uid }) => uid).join(', '), plain: (it) => it.evses.length },
  { name: 'Limits in', show: (it) => (it.smart_charging === false ? 'no smart charging' : (it.units?.join(', ') ?? '–')), plain: (it) => it.units?.join(' ') },
  { name: 'Heard', show: (it) => <Time at={it.seen_at} />, plain: (it) => it.seen_at },
];

/** The charge points of this node. */
export function StationsPage() {
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 5 });
  const items = stations.value?.items ?? [];
  return (
    <Page title="Stations">
      <Card title="Charge points" actions={<SaveCsv name="Stations" columns={columns} rows={items} />}>
        <Loaded of={stations}>
          {() =>
            items.length > 0 ? (
              <Table name="Stations" columns={columns} rows={items} idOf={(it) => it.id} />
            ) : (
              <Empty what="No charge points">This node has none in its configuration (charge_points).</Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}
