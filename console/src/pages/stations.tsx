import type { StationView } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { StationLink } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { StationHealth } from '../parts/station-health.tsx';
import { type Column, SaveCsv, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { GatewayTexts } from '../text/en/gateway.ts';
import type { Texts } from '../text/en.ts';
import { gatewayText } from '../text/gateway-text.ts';
import { text } from '../text/text.ts';

const modelOf = (it: StationView) => [it.vendor, it.model, it.firmware].filter((part) => part !== undefined).join(' ') || '–';

const columnsOf = ({ columns, noSmartCharging }: Texts['station']): readonly Column<StationView>[] => [
  { name: columns.station, show: (it) => <StationLink station={it.id} />, plain: (it) => it.id },
  { name: columns.status, show: (it) => <StationHealth station={it} />, plain: (it) => (it.online ? 'online' : 'offline') },
  { name: columns.heard, show: (it) => <Time at={it.heard_at} />, plain: (it) => it.heard_at },
  { name: columns.location, show: (it) => it.location_id ?? '–', plain: (it) => it.location_id },
  { name: columns.ocpp, show: (it) => it.ocpp ?? '–', plain: (it) => it.ocpp },
  { name: columns.model, show: modelOf, plain: modelOf },
  { name: columns.evses, show: (it) => it.evses.map(({ uid }) => uid).join(', '), plain: (it) => it.evses.length },
  {
    name: columns.units,
    show: (it) => (it.smart_charging === false ? noSmartCharging : (it.units?.join(', ') ?? '–')),
    plain: (it) => it.units?.join(' '),
  },
];

const csmsColumn = ({ csms: name, states, observed }: GatewayTexts): Column<StationView> => ({
  name,
  show: ({ csms }) =>
    csms && (
      <span class="row">
        <Badge value={csms.state === undefined ? 'UNKNOWN' : csms.state === 'connected' ? 'ONLINE' : 'OFFLINE'} label={states[csms.state ?? 'none']} />
        {csms.mode === 'observe' && <span class="small soft">{observed}</span>}
      </span>
    ),
  plain: ({ csms }) => csms?.state,
});

/** The list of all stations of this node. */
export function StationsPage() {
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 5 });
  const items = stations.value?.items ?? [];
  const columns = [...columnsOf(text().station), ...(items.some((it) => it.csms) ? [csmsColumn(gatewayText())] : [])];
  return (
    <Page title={text().station.plural}>
      <Card title={text().station.card} actions={<SaveCsv name={text().station.plural} columns={columns} rows={items} />}>
        <Loaded of={stations}>
          {() =>
            items.length > 0 ? (
              <Table name={text().station.plural} columns={columns} rows={items} idOf={(it) => it.id} />
            ) : (
              <Empty what={text().station.none}>{text().station.noneHelp}</Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}
