import { segment } from '../data/api-client.ts';
import type { PeerDetail } from '../data/console-api-types.ts';
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
      trail={[{ name: 'Peers', to: ['parties'] }]}
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
  <Card title="Registration">
    <FactList
      of={{
        Status: <Badge value={peer.status} />,
        OCPI: peer.edition ?? 'no version yet',
        Roles: (
          <ul>
            {peer.roles.map((it) => (
              <li key={`${it.role} ${it.country_code} ${it.party_id}`}>
                {it.role} {it.country_code}*{it.party_id} {it.name}
              </li>
            ))}
          </ul>
        ),
        Registered: <Time at={peer.registered_at} />,
        'Versions URL': peer.versions_url === undefined ? undefined : <span class="mono">{peer.versions_url}</span>,
        'Allowed result addresses': <span class="mono">{peer.origins.join(', ') || 'none yet'}</span>,
      }}
    />
  </Card>
);

const Outcomes = ({ peer }: { peer: PeerDetail }) => (
  <Card title="Outcomes" note={`last 24 h; requests in the last minute: ${peer.rate.last_minute}, in the last hour: ${peer.rate.last_hour}`}>
    {peer.outcomes.length === 0 ? (
      <Empty what="No requests in the last 24 h" />
    ) : (
      <Table
        name="Outcomes"
        rows={peer.outcomes}
        idOf={(it) => `${it.kind} ${it.outcome}`}
        columns={[
          { name: 'Request', show: (it) => it.kind },
          { name: 'Outcome', show: (it) => <Badge value={it.outcome} /> },
          { name: 'Count', show: (it) => String(it.count), right: true },
        ]}
      />
    )}
  </Card>
);

const Patience = ({ peer }: { peer: PeerDetail }) => (
  <Card title="Deviations from OCPI" note={peer.strict ? 'strict: they are refused' : 'read with patience since the start of the node'}>
    {peer.patience.length === 0 ? (
      <Empty what="None since the start of the node" />
    ) : (
      <Table
        name="Deviations"
        rows={peer.patience}
        idOf={(it) => it.kind}
        columns={[
          { name: 'Kind', show: (it) => it.kind },
          { name: 'Count', show: (it) => String(it.count), right: true },
          { name: 'First example', show: (it) => `${it.message}, ${it.field}: ${it.found}` },
          { name: 'Last', show: (it) => <Time at={it.last_at} /> },
        ]}
      />
    )}
  </Card>
);

const Endpoints = ({ peer }: { peer: PeerDetail }) => (
  <Card title="Endpoints" note="from its version details">
    {peer.modules.length === 0 ? (
      <Empty what="No endpoints yet">They are read when the peer registers.</Empty>
    ) : (
      <Table
        name="Endpoints"
        rows={peer.modules}
        idOf={(it) => `${it.identifier} ${it.role}`}
        columns={[
          { name: 'Module', show: (it) => it.identifier },
          { name: 'Role', show: (it) => it.role },
          { name: 'URL', show: (it) => <span class="mono">{it.url}</span> },
        ]}
      />
    )}
  </Card>
);
