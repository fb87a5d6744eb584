import { segment } from '../data/api-client.ts';
import type { StationHistory as History, StationDetail } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { numberText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { Link } from '../parts/link.tsx';
import { NodeText } from '../parts/node-text.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';
import { StationAbilities } from '../parts/station-abilities.tsx';
import { StationCommands } from '../parts/station-commands.tsx';
import { StationHealth } from '../parts/station-health.tsx';
import { StationHistory } from '../parts/station-history.tsx';
import { StationLog } from '../parts/station-log.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Texts } from '../text/en.ts';
import { gatewayText } from '../text/gateway-text.ts';
import { text } from '../text/text.ts';

/** One station: its connection, its abilities, its sessions and a link to its exchanges. */
export function StationPage({ id }: { id: string }) {
  const station = useResource<StationDetail>(`stations/${segment(id)}`, undefined, { everySeconds: 10, refreshOn: (it) => it.kind === 'session' });
  const history = useResource<History>(`stations/${segment(id)}/history`, undefined, { everySeconds: 10 });
  const reload = () => {
    station.reload();
    history.reload();
  };
  return (
    <Page
      title={text().station.title(id)}
      trail={[{ name: text().nav.stations, to: ['stations'] }]}
      actions={station.value && <Badge value={station.value.online ? 'ONLINE' : 'OFFLINE'} live />}
    >
      <Loaded of={station}>
        {(it) => (
          <>
            <div class="two">
              <Connection station={it} />
              <StationAbilities station={it} findings={history.value?.abilities ?? []} />
            </div>
            {history.value && <StationHistory history={history.value} />}
            <StationCommands station={it} onDone={reload} />
            <Card title={text().station.sessions}>
              {it.sessions.length > 0 ? (
                <Table name={text().station.sessions} columns={sessionColumns()} rows={it.sessions} idOf={(session) => session.key} />
              ) : (
                <Empty what={text().station.noSession} />
              )}
            </Card>
            <Card title={text().station.exchanges}>
              <ExchangesLink station={it} />
            </Card>
            <StationLog station={it.id} />
            <Patience station={it} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Patience = StationDetail['patience'][number];
const patienceColumns = ({ odd }: Texts['station']): readonly Column<Patience>[] => [
  { name: odd.seen, show: (it) => <NodeText>{it.seen}</NodeText> },
  { name: odd.times, show: (it) => String(it.count), right: true },
  { name: odd.example, show: (it) => <code>{it.example}</code> },
  { name: odd.first, show: (it) => <Time at={it.first_at} /> },
  { name: odd.does, show: (it) => <NodeText>{it.does}</NodeText> },
];

const Patience = ({ station: { patience } }: { station: StationDetail }) => (
  <Card title={text().station.odd.title}>
    {patience.length > 0 ? (
      <Table name={text().station.odd.title} columns={patienceColumns(text().station)} rows={patience} idOf={(it) => it.kind} />
    ) : (
      <Empty what={text().station.odd.none}>{text().station.odd.noneHelp}</Empty>
    )}
  </Card>
);

/** The exchanges of this station, by the filter of the node. */
const ExchangesLink = ({ station: { id } }: { station: StationDetail }) => (
  <Link to={['exchanges']} search={`?station=${encodeURIComponent(id)}`}>
    {text().station.exchangesOf(id)}
  </Link>
);

const Connection = ({ station, station: { connection, location_id, vendor, model, firmware, evses } }: { station: StationDetail }) => (
  <Card title={text().station.connection.title}>
    <FactList
      of={{
        [text().station.connection.status]: <StationHealth station={station} />,
        [text().station.columns.heard]: <Time at={station.heard_at} />,
        [connection.online ? text().station.connection.connected : text().station.connection.disconnected]: <Time at={connection.seen_at} />,
        [text().station.connection.ocpp]: connection.ocpp ?? text().station.connection.neverConnected,
        [text().station.connection.reconnects]: connection.epoch === undefined ? undefined : String(Math.max(0, connection.epoch - 1)),
        [text().station.connection.location]: location_id,
        [text().station.connection.vendor]: vendor,
        [text().station.connection.model]: model,
        [text().station.connection.firmware]: firmware,
        [text().station.connection.evses]: (
          <ul>
            {evses.map((it) => (
              <li key={it.uid}>
                {it.uid} <span class="soft">{text().station.connection.evse(it.evse_id, labelOf(it.power_type))}</span>
              </li>
            ))}
          </ul>
        ),
        ...csmsFacts(station),
      }}
    />
  </Card>
);

/** The other leg: the CSMS that the messages of the station pass to. */
function csmsFacts({ csms }: StationDetail) {
  if (!csms) return {};
  const texts = gatewayText();
  const { host, state, since, last_lost: lastLost, kept, most_kept: most, mode } = csms;
  return {
    [texts.csms]: (
      <span class="row">
        {host} <Badge value={state === undefined ? 'UNKNOWN' : state === 'connected' ? 'ONLINE' : 'OFFLINE'} label={texts.states[state ?? 'none']} />
      </span>
    ),
    [texts.mode]: texts.modes[mode],
    [texts.since]: state && since && <Time at={since} />,
    [texts.lastLost]: lastLost && <Time at={lastLost} />,
    [texts.kept]: texts.keptOf(numberText(kept, 0), numberText(most, 0)),
  };
}
