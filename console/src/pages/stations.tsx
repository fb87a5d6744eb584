import type { StationView } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
import { StationLink } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { StationHealth } from '../parts/station-health.tsx';
import { type Column, SaveCsv, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';

const modelOf = (it: StationView) => [it.vendor, it.model, it.firmware].filter((part) => part !== undefined).join(' ') || '–';

const columns: readonly Column<StationView>[] = [
  { name: 'Station', show: (it) => <StationLink station={it.id} />, plain: (it) => it.id },
  { name: 'Status', show: (it) => <StationHealth station={it} />, plain: (it) => (it.online ? 'online' : 'offline') },
  { name: 'Heard', show: (it) => <Time at={it.heard_at} />, plain: (it) => it.heard_at },
  { name: 'Location', show: (it) => it.location_id ?? '–', plain: (it) => it.location_id },
  { name: 'OCPP', show: (it) => it.ocpp ?? '–', plain: (it) => it.ocpp },
  { name: 'Model', show: modelOf, plain: modelOf },
  { name: 'EVSEs', show: (it) => it.evses.map(({ uid }) => uid).join(', '), plain: (it) => it.evses.length },
  {
    name: 'Units of limits',
    show: (it) => (it.smart_charging === false ? 'no smart charging' : (it.units?.join(', ') ?? '–')),
    plain: (it) => it.units?.join(' '),
  },
];

/** The list of all stations of this node. */
export function StationsPage() {
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 5 });
  const items = stations.value?.items ?? [];
  return (
    <Page title="Stations">
      <Card title="Configured stations" actions={<SaveCsv name="Stations" columns={columns} rows={items} />}>
        <Loaded of={stations}>
          {() =>
            items.length > 0 ? (
              <Table name="Stations" columns={columns} rows={items} idOf={(it) => it.id} />
            ) : (
              <Empty what="No stations">The configuration of this node has none (charge_points).</Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}
