import { segment } from '../data/api-client.ts';
import type { PeerDetail } from '../data/console-api-types.ts';
import { kindLabel } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from '../parts/badge.tsx';
import { Consents } from '../parts/consents.tsx';
import { Contracts } from '../parts/contracts.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { namesOf } from '../parts/overview-tables.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { PeerActions } from '../parts/peer-actions.tsx';
import { Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { text } from '../text/text.ts';

/** One peer: registration, outcomes, contracts, deviations from OCPI, endpoints, and the actions on it. */
export function PeerPage({ id }: { id: string }) {
  const peer = useResource<PeerDetail>(`peers/${segment(id)}`, undefined, {
    everySeconds: 10,
    refreshOn: (it) => it.kind === 'exchange' && it.data.peer === id,
  });
  const known = peer.value;
  return (
    <Page
      title={known ? `${id} ${namesOf(known) === '–' ? '' : namesOf(known)}` : id}
      trail={[{ name: text().nav.peers, to: ['parties'] }]}
      actions={known && <Badge value={known.halted.length > 0 ? 'HALTED' : known.status} />}
    >
      <Loaded of={peer}>
        {(it) => (
          <>
            <PeerActions peer={it} onDone={peer.reload} />
            <div class="two">
              <Registration peer={it} />
              <Outcomes peer={it} />
            </div>
            <Contracts peer={it} onDone={peer.reload} />
            {it.consents > 0 && <Consents parties={it.roles.map((role) => `${role.country_code}*${role.party_id}`)} />}
            <Patience peer={it} />
            <Endpoints peer={it} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const Registration = ({ peer }: { peer: PeerDetail }) => (
  <Card title={text().peer.registration.title}>
    <FactList
      of={{
        [text().peer.registration.status]: <Badge value={peer.status} />,
        [text().peer.registration.ocpi]: peer.edition ?? text().peer.registration.noVersion,
        [text().peer.registration.roles]: (
          <ul>
            {peer.roles.map((it) => (
              <li key={`${it.role} ${it.country_code} ${it.party_id}`}>
                {it.role} {it.country_code}*{it.party_id} {it.name}
              </li>
            ))}
          </ul>
        ),
        [text().peer.registration.registered]: <Time at={peer.registered_at} />,
        [text().peer.registration.versionsUrl]: peer.versions_url === undefined ? undefined : <span class="mono">{peer.versions_url}</span>,
        [text().peer.registration.origins]: <span class="mono">{peer.origins.join(', ') || text().peer.registration.noOrigins}</span>,
      }}
    />
  </Card>
);

const Outcomes = ({ peer }: { peer: PeerDetail }) => (
  <Card title={text().peer.outcomes.title} note={text().peer.outcomes.note(peer.rate.last_minute, peer.rate.last_hour)}>
    {peer.outcomes.length === 0 ? (
      <Empty what={text().peer.outcomes.none} />
    ) : (
      <Table
        name={text().peer.outcomes.title}
        rows={peer.outcomes}
        idOf={(it) => `${it.kind} ${it.outcome}`}
        columns={[
          { name: text().peer.outcomes.request, show: (it) => kindLabel(it.kind) },
          { name: text().peer.outcomes.outcome, show: (it) => <Badge value={it.outcome} /> },
          { name: text().peer.outcomes.count, show: (it) => String(it.count), right: true },
        ]}
      />
    )}
  </Card>
);

const Patience = ({ peer }: { peer: PeerDetail }) => (
  <Card title={text().peer.deviations.title} note={peer.strict ? text().peer.deviations.strict : text().peer.deviations.patient}>
    {peer.patience.length === 0 ? (
      <Empty what={text().peer.deviations.none} />
    ) : (
      <Table
        name={text().peer.deviations.name}
        rows={peer.patience}
        idOf={(it) => it.kind}
        columns={[
          { name: text().peer.deviations.kind, show: (it) => it.kind },
          { name: text().peer.deviations.count, show: (it) => String(it.count), right: true },
          { name: text().peer.deviations.example, show: (it) => text().peer.deviations.found(it.message, it.field, it.found) },
          { name: text().peer.deviations.last, show: (it) => <Time at={it.last_at} /> },
        ]}
      />
    )}
  </Card>
);

const Endpoints = ({ peer }: { peer: PeerDetail }) => (
  <Card title={text().peer.endpoints.title} note={text().peer.endpoints.note}>
    {peer.modules.length === 0 ? (
      <Empty what={text().peer.endpoints.none}>{text().peer.endpoints.noneHelp}</Empty>
    ) : (
      <Table
        name={text().peer.endpoints.title}
        rows={peer.modules}
        idOf={(it) => `${it.identifier} ${it.role}`}
        columns={[
          { name: text().peer.endpoints.module, show: (it) => it.identifier },
          { name: text().peer.endpoints.role, show: (it) => it.role },
          { name: text().peer.endpoints.url, show: (it) => <span class="mono">{it.url}</span> },
        ]}
      />
    )}
  </Card>
);
