import { useMemo } from 'preact/hooks';
import type { Listed, PeerView, SessionView, StationView } from '../data/api-types.ts';
import type { Load, Overview } from '../data/console-api-types.ts';
import { barsOf } from '../data/exchanges-per-minute.ts';
import { setNodeTime } from '../data/node-clock.ts';
import { type Resource, useResource } from '../data/resource.ts';
import { Alarms } from '../parts/alarms.tsx';
import { Chart } from '../parts/chart.tsx';
import { KeyFigures } from '../parts/key-figures.tsx';
import { Link } from '../parts/link.tsx';
import { LoadChart } from '../parts/load-chart.tsx';
import { PeerTable, StationTable } from '../parts/overview-tables.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';
import { Table } from '../parts/table.tsx';

/** The state of the node now, on one page. */
export function OverviewPage() {
  const overview = useResource<Overview>('overview', undefined, { everySeconds: 10, refreshOn: (it) => it.kind !== 'active-profile' });
  const sessions = useResource<Listed<SessionView>>('sessions', { status: 'ACTIVE', limit: 50 }, { everySeconds: 15, refreshOn: () => true });
  const peers = useResource<{ items: PeerView[] }>('peers', undefined, { everySeconds: 30 });
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 15 });
  const load = useResource<Load>('load', { minutes: 60 }, { everySeconds: 15, refreshOn: (event) => event.kind === 'session' });
  return (
    <Page title="Overview">
      <Loaded of={overview}>{(it) => <KeyFigures overview={it} />}</Loaded>
      <div class="two">
        <Card title="Load by site" note="metered power, last hour">
          <Loaded of={load}>{(it) => <LoadOrEmpty load={it} />}</Loaded>
        </Card>
        <Card title="Exchanges per minute" note="by outcome, last hour">
          <Loaded of={overview}>{(it) => <PerMinute overview={it} />}</Loaded>
        </Card>
      </div>
      <SessionsNow sessions={sessions} />
      <div class="two">
        <Card
          title="Peers"
          actions={
            <Link to={['parties']} class="small">
              All peers
            </Link>
          }
        >
          <Loaded of={peers}>{({ items }) => <PeerTable peers={items} halted={overview.value?.halted ?? []} />}</Loaded>
        </Card>
        <Card
          title="Stations"
          actions={
            <Link to={['stations']} class="small">
              All stations
            </Link>
          }
        >
          <Loaded of={stations}>{({ items }) => <StationTable stations={items} />}</Loaded>
        </Card>
      </div>
      <Card title="Alarms and deviations" note="newest first">
        <Loaded of={overview}>{(it) => <Alarms overview={it} />}</Loaded>
      </Card>
    </Page>
  );
}

const LoadOrEmpty = ({ load }: { load: Load }) =>
  load.sites.length > 0 ? <LoadChart load={load} /> : <Empty what="No load">No session is running at a station of this node.</Empty>;

function PerMinute({ overview }: { overview: Overview }) {
  const model = useMemo(() => {
    setNodeTime(overview.at);
    const to = Date.parse(overview.at) / 1000;
    const first = Math.min(to, ...overview.exchanges.map(({ minute }) => Date.parse(minute) / 1000));
    return {
      name: 'Exchanges per minute',
      axis: { unit: 'exchanges / min', per: 1 },
      format: (n: number) => `${n} / min`,
      from: Math.max(to - 3600, Math.min(first - 60, to - 600)),
      to: to + 30,
      stacked: true,
      lines: barsOf(overview.exchanges),
    };
  }, [overview]);
  if (overview.exchanges.length === 0)
    return <Empty what="No requests in the last hour">Requests of peers and of the operator about charging profiles appear here.</Empty>;
  return <Chart model={model} height={220} />;
}

function SessionsNow({ sessions }: { sessions: Resource<Listed<SessionView>> }) {
  return (
    <Card
      title="Sessions now"
      actions={
        <Link to={['sessions']} class="small">
          All sessions
        </Link>
      }
    >
      <Loaded of={sessions}>
        {({ items }) =>
          items.length > 0 ? (
            <Table name="Sessions now" columns={sessionColumns} rows={items} idOf={(it) => it.key} />
          ) : (
            <Empty what="No sessions">A session appears here when a car charges.</Empty>
          )
        }
      </Loaded>
    </Card>
  );
}
