import { segment } from '../data/api-client.ts';
import type { StationDetail as Station } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { Link } from '../parts/link.tsx';
import { Time } from '../parts/time.tsx';
import { Table } from '../parts/table.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';

/** One charge point: its connection, what it can do, its sessions, and what is odd about it. */
export function StationPage({ id }: { id: string }) {
  const station = useResource<Station>(`stations/${segment(id)}`, undefined, { everySeconds: 10, refreshOn: (it) => it.kind === 'session' });
  return (
    <Page
      title={`Station ${id}`}
      trail={[{ name: 'Stations', to: ['stations'] }]}
      actions={station.value && <Badge word={station.value.online ? 'ONLINE' : 'OFFLINE'} live />}
    >
      <Loaded of={station}>
        {(it) => (
          <>
            <div class="two">
              <Connection station={it} />
              <Abilities station={it} />
            </div>
            <Card title="Sessions now">
              {it.sessions.length > 0 ? (
                <Table name="Sessions now" columns={sessionColumns} rows={it.sessions} idOf={(session) => session.key} />
              ) : (
                <Empty what="No session runs here" />
              )}
            </Card>
            <Card title="Exchanges">
              <Link to={['exchanges']} search={`?q=${encodeURIComponent(it.sessions[0]?.key ?? it.id)}`}>
                Exchanges about it
              </Link>
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const Connection = ({ station: { connection, location_id, vendor, model, firmware, evses } }: { station: Station }) => (
  <Card title="Connection">
    <FactList
      of={{
        State: <Badge word={connection.online ? 'ONLINE' : 'OFFLINE'} />,
        OCPP: connection.ocpp ?? 'never connected',
        Epoch: connection.epoch === undefined ? undefined : `connection number ${connection.epoch}`,
        Heard: <Time at={connection.seen_at} />,
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
                  number {it.evse_id}, {it.power_type.toLowerCase().replaceAll('_', ' ')}
                </span>
              </li>
            ))}
          </ul>
        ),
      }}
    />
  </Card>
);

const Abilities = ({ station: { abilities, quirks } }: { station: Station }) => (
  <Card title="Smart charging" note="as it was found out">
    {abilities ? (
      <FactList
        of={{
          'Smart charging': abilities.smart_charging ? 'yes' : 'no',
          'Composite schedule': abilities.composite_schedule === undefined ? 'not tried' : abilities.composite_schedule ? 'yes' : 'no',
          'Limits in': abilities.units.join(', '),
          'Stack levels': `up to ${abilities.max_stack_level}`,
          'Periods of a profile': `up to ${abilities.max_periods}`,
          Profiles: abilities.max_profiles === undefined ? undefined : `up to ${abilities.max_profiles}`,
          Quirks:
            quirks.length > 0 ? (
              <ul>
                {quirks.map((it) => (
                  <li key={it}>{it}</li>
                ))}
              </ul>
            ) : (
              'none seen'
            ),
        }}
      />
    ) : (
      <Empty what="Not known yet">It is asked when it connects.</Empty>
    )}
  </Card>
);
