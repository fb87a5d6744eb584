import type { ShadowReport, ShadowRequest, ShadowSiteDay, ShadowStationDay } from '../data/console-api-types.ts';
import { currentText, energyText, fixedText, numberText, powerText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { StationLink } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { ShadowFigures } from '../parts/shadow-card.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { GatewayTexts } from '../text/en/gateway.ts';
import { gatewayText } from '../text/gateway-text.ts';
import { text } from '../text/text.ts';

type Texts = GatewayTexts['shadow'];
/** Requests and days on the page. */
const MOST = 100;

const stationColumns = ({ columns, notSent, siteLimits, refused, lowered, peak }: Texts): readonly Column<ShadowStationDay>[] => [
  { name: columns.day, show: (it) => it.day },
  { name: columns.station, show: (it) => <StationLink station={it.station} /> },
  { name: notSent, show: ({ requests: { set, clear, get } }) => numberText(set + clear + get, 0), right: true },
  { name: siteLimits, show: (it) => numberText(it.site_limits, 0), right: true },
  { name: refused, show: (it) => numberText(it.refused, 0), right: true, minor: true },
  { name: lowered, show: (it) => energyText(it.lowered_kwh), right: true },
  { name: peak, show: (it) => powerText(it.lowered_peak_kw * 1_000), right: true },
];

const siteColumns = ({ columns, above, peak, measured, minutes, hours }: Texts): readonly Column<ShadowSiteDay>[] => [
  { name: columns.day, show: (it) => it.day },
  { name: columns.site, show: (it) => it.site },
  { name: above, show: (it) => minutes(fixedText(it.above_minutes, 1)), right: true },
  {
    name: peak,
    show: (it) => (it.above_peak_kw > 0 ? `${currentText(it.above_peak_a)}, ${powerText(it.above_peak_kw * 1_000)}` : currentText(it.above_peak_a)),
    right: true,
  },
  { name: measured, show: (it) => hours(fixedText(it.measured_hours, 1)), right: true, minor: true },
];

const power = (watts: number | undefined) => (watts === undefined ? '–' : powerText(watts));
const requestColumns = ({ columns, kinds }: Texts): readonly Column<ShadowRequest>[] => [
  { name: columns.when, show: (it) => <Time at={it.at} /> },
  { name: columns.kind, show: (it) => kinds[it.kind] },
  { name: columns.evse, show: (it) => it.evse },
  { name: columns.by, show: (it) => it.party ?? it.site ?? '–' },
  { name: columns.limit, show: (it) => power(it.limit_watts), right: true },
  { name: columns.metered, show: (it) => power(it.metered_watts), right: true },
  { name: columns.difference, show: (it) => power(it.lowered_watts), right: true },
];

/** What the node would have done at the stations that it only observes. */
export function ShadowPage() {
  const report = useResource<ShadowReport>('shadow', { limit: MOST }, { everySeconds: 30 });
  const requests = useResource<{ items: ShadowRequest[] }>('shadow/requests', { limit: MOST }, { everySeconds: 30 });
  const texts = gatewayText().shadow;
  return (
    <Page title={texts.title} trail={[{ name: text().overview.title, to: [] }]}>
      <Loaded of={report}>{(it) => <Report of={it} texts={texts} />}</Loaded>
      <Card title={texts.list} note={texts.listNote}>
        <Loaded of={requests}>
          {({ items }) =>
            items.length > 0 ? (
              <Table name={texts.list} columns={requestColumns(texts)} rows={items} idOf={(it) => String(it.seq)} />
            ) : (
              <Empty what={texts.none}>{texts.noneHelp}</Empty>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
}

const Report = ({ of: { observed, totals, stations, sites, next }, texts }: { of: ShadowReport; texts: Texts }) => (
  <>
    <Card title={texts.card(observed)} note={texts.note}>
      <ShadowFigures of={totals} />
    </Card>
    {sites.length > 0 && (
      <Card title={texts.bySite} note={texts.days}>
        <Table name={texts.bySite} columns={siteColumns(texts)} rows={sites} idOf={(it) => `${it.day} ${it.site}`} />
      </Card>
    )}
    {stations.length > 0 && (
      <Card title={texts.byStation} note={texts.days}>
        <Table name={texts.byStation} columns={stationColumns(texts)} rows={stations} idOf={(it) => `${it.day} ${it.station}`} />
        {next !== undefined && <p class="small soft">{texts.older}</p>}
      </Card>
    )}
  </>
);
