import { useMemo } from 'preact/hooks';
import type { Listed, PeerView, SessionView, StationView } from '../data/api-types.ts';
import type { Load, Overview } from '../data/console-api-types.ts';
import { barsOf } from '../data/exchanges-per-minute.ts';
import { setNodeTime } from '../data/node-clock.ts';
import { numberText } from '../data/quantity.ts';
import { type Resource, useResource } from '../data/resource.ts';
import { Alarms } from '../parts/alarms.tsx';
import { Chart } from '../parts/chart.tsx';
import { KeyFigures } from '../parts/key-figures.tsx';
import { lazyPage } from '../parts/lazy-page.tsx';
import { Link } from '../parts/link.tsx';
import { LoadChart } from '../parts/load-chart.tsx';
import { PeerTable, StationTable } from '../parts/overview-tables.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { text } from '../text/text.ts';

/** Running sessions on the overview; the list of all sessions has the others. */
const MOST_SESSIONS = 10;

const Checklist = lazyPage(async () => (await import('../parts/checklist.tsx')).Checklist, null);

const SiteHeadroom = lazyPage(async () => (await import('../parts/site-headroom.tsx')).SiteHeadroom, null);
const ShadowCard = lazyPage(async () => (await import('../parts/shadow-card.tsx')).ShadowCard, null);

/** The state of the node now, on one page. */
export function OverviewPage() {
  const overview = useResource<Overview>('overview', undefined, { everySeconds: 10, refreshOn: (it) => it.kind !== 'active-profile' });
  const sessions = useResource<Listed<SessionView>>(
    'sessions',
    { status: 'ACTIVE', sort: 'power', limit: MOST_SESSIONS },
    { everySeconds: 15, refreshOn: () => true },
  );
  const peers = useResource<{ items: PeerView[] }>('peers', undefined, { everySeconds: 30 });
  const stations = useResource<{ items: StationView[] }>('stations', undefined, { everySeconds: 15 });
  const load = useResource<Load>('load', { minutes: 60 }, { everySeconds: 15, refreshOn: (event) => event.kind === 'session' });
  return (
    <Page title={text().overview.title}>
      <Alarms />
      <Checklist />
      {overview.value && overview.value.sites.length > 0 && <SiteHeadroom sites={overview.value.sites} />}
      <Loaded of={overview}>{(it) => <KeyFigures overview={it} />}</Loaded>
      {overview.value?.shadow && <ShadowCard shadow={overview.value.shadow} />}
      <div class="two">
        <Card title={text().overview.load} note={text().overview.loadNote}>
          <Loaded of={load}>{(it) => <LoadOrEmpty load={it} />}</Loaded>
        </Card>
        <Card title={text().exchange.perMinute} note={text().overview.exchangesNote}>
          <Loaded of={overview}>{(it) => <PerMinute overview={it} />}</Loaded>
        </Card>
      </div>
      <SessionsNow sessions={sessions} />
      <div class="two">
        <Card
          title={text().peer.plural}
          actions={
            <Link to={['parties']} class="small">
              {text().peer.all}
            </Link>
          }
        >
          <Loaded of={peers}>{({ items }) => <PeerTable peers={items} halted={overview.value?.halted ?? []} />}</Loaded>
        </Card>
        <Card
          title={text().station.plural}
          actions={
            <Link to={['stations']} class="small">
              {text().station.all}
            </Link>
          }
        >
          <Loaded of={stations}>{({ items }) => <StationTable stations={items} />}</Loaded>
        </Card>
      </div>
    </Page>
  );
}

const LoadOrEmpty = ({ load }: { load: Load }) =>
  load.sites.length > 0 ? <LoadChart load={load} /> : <Empty what={text().overview.noLoad}>{text().overview.noLoadHelp}</Empty>;

function PerMinute({ overview }: { overview: Overview }) {
  const texts = text().exchange;
  const model = useMemo(() => {
    setNodeTime(overview.at);
    const to = Date.parse(overview.at) / 1000;
    const first = Math.min(to, ...overview.exchanges.map(({ minute }) => Date.parse(minute) / 1000));
    return {
      name: texts.perMinute,
      axis: { unit: texts.perMinuteAxis, per: 1 },
      format: (n: number) => texts.perMinuteValue(numberText(n, 0)),
      from: Math.max(to - 3600, Math.min(first - 60, to - 600)),
      to: to + 30,
      stacked: true,
      lines: barsOf(overview.exchanges),
    };
  }, [overview, texts]);
  if (overview.exchanges.length === 0) return <Empty what={text().overview.noRequests}>{text().overview.noRequestsHelp}</Empty>;
  return <Chart model={model} height={220} />;
}

/** The overview is always in the order of power. */
const unsorted = ({ sort: _, ...column }: Column<SessionView>): Column<SessionView> => column;

function SessionsNow({ sessions }: { sessions: Resource<Listed<SessionView>> }) {
  return (
    <Card
      title={text().session.now}
      note={text().overview.sessionsNote}
      actions={
        <Link to={['sessions']} class="small">
          {text().overview.allSessions}
        </Link>
      }
    >
      <Loaded of={sessions}>
        {({ items }) =>
          items.length > 0 ? (
            <Table name={text().session.now} columns={sessionColumns().map(unsorted)} rows={items} idOf={(it) => it.key} />
          ) : (
            <Empty what={text().overview.noSessions}>{text().overview.noSessionsHelp}</Empty>
          )
        }
      </Loaded>
    </Card>
  );
}
