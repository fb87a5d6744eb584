import { segment } from '../data/api-client.ts';
import type { StationDetail } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { Link } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';
import { StationHealth } from '../parts/station-health.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';

/** One station: its connection, its abilities, its sessions and a link to its exchanges. */
export function StationPage({ id }: { id: string }) {
  const station = useResource<StationDetail>(`stations/${segment(id)}`, undefined, { everySeconds: 10, refreshOn: (it) => it.kind === 'session' });
  return (
    <Page
      title={`Station ${id}`}
      trail={[{ name: 'Stations', to: ['stations'] }]}
      actions={station.value && <Badge value={station.value.online ? 'ONLINE' : 'OFFLINE'} live />}
    >
      <Loaded of={station}>
        {(it) => (
          <>
            <div class="two">
              <Connection station={it} />
              <Abilities station={it} />
            </div>
            <Patience station={it} />
            <Card title="Sessions now">
              {it.sessions.length > 0 ? (
                <Table name="Sessions now" columns={sessionColumns} rows={it.sessions} idOf={(session) => session.key} />
              ) : (
                <Empty what="No session is running at this station" />
              )}
            </Card>
            <Card title="Exchanges">
              <ExchangesLink station={it} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Patience = StationDetail['patience'][number];
const patienceColumns: readonly Column<Patience>[] = [
  { name: 'Seen', show: (it) => it.seen },
  { name: 'Times', show: (it) => String(it.count), right: true },
  { name: 'First example', show: (it) => <code>{it.example}</code> },
  { name: 'First', show: (it) => <Time at={it.first_at} /> },
  { name: 'What the node does', show: (it) => it.does },
];

const Patience = ({ station: { patience } }: { station: StationDetail }) => (
  <Card title="Odd messages">
    {patience.length > 0 ? (
      <Table name="Odd messages" columns={patienceColumns} rows={patience} idOf={(it) => it.kind} />
    ) : (
      <Empty what="None since the start of the node">Messages that violate their standard are read as far as possible, and counted here.</Empty>
    )}
  </Card>
);

/** The exchanges of this station, by the filter of the node. */
const ExchangesLink = ({ station: { id } }: { station: StationDetail }) => (
  <Link to={['exchanges']} search={`?station=${encodeURIComponent(id)}`}>
    Exchanges about {id}
  </Link>
);

const Connection = ({ station, station: { connection, location_id, vendor, model, firmware, evses } }: { station: StationDetail }) => (
  <Card title="Connection">
    <FactList
      of={{
        Status: <StationHealth station={station} />,
        Heard: <Time at={station.heard_at} />,
        [connection.online ? 'Connected since' : 'Disconnected']: <Time at={connection.seen_at} />,
        OCPP: connection.ocpp ?? 'never connected',
        Reconnects: connection.epoch === undefined ? undefined : String(Math.max(0, connection.epoch - 1)),
        Location: location_id,
        Vendor: vendor,
        Model: model,
        Firmware: firmware,
        EVSEs: (
          <ul>
            {evses.map((it) => (
              <li key={it.uid}>
                {it.uid}{' '}
                <span class="soft">
                  EVSE {it.evse_id} · {labelOf(it.power_type)}
                </span>
              </li>
            ))}
          </ul>
        ),
      }}
    />
  </Card>
);

const Abilities = ({ station: { abilities, quirks } }: { station: StationDetail }) => (
  <Card title="Detected abilities">
    {abilities ? (
      <FactList
        of={{
          'Smart charging': abilities.smart_charging ? 'yes' : 'no',
          'Reports its limits': abilities.composite_schedule === undefined ? 'no refusal so far' : abilities.composite_schedule ? 'yes' : 'no',
          'Units of limits': abilities.units.join(', '),
          'Stack levels': `up to ${abilities.max_stack_level}`,
          'Periods per profile': `up to ${abilities.max_periods}`,
          Profiles: abilities.max_profiles === undefined ? undefined : `up to ${abilities.max_profiles}`,
          Restrictions:
            quirks.length > 0 ? (
              <ul>
                {quirks.map((it) => (
                  <li key={it}>{it}</li>
                ))}
              </ul>
            ) : (
              'none found'
            ),
        }}
      />
    ) : (
      <Empty what="Not known yet">The node detects the abilities when the station connects.</Empty>
    )}
  </Card>
);
