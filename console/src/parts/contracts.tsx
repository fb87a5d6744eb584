import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { ContractView, PeerDetail } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Card, Empty } from './page.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

const scopeOf = ({ tokens_of: tokens, locations, evses }: ContractView) =>
  [tokens && `customers of ${tokens}`, locations && `locations ${locations.join(', ')}`, evses && `EVSEs ${evses.join(', ')}`].filter(Boolean).join('; ') ||
  'all sessions';

/** The contracts of a peer: what its parties may see and control, and whether drivers consented. */
export function Contracts({ peer, onDone }: { peer: PeerDetail; onDone(): void }) {
  const isAdmin = useHasRole('admin');
  const [answer, setAnswer] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const { contracts, consents, roles } = peer;
  const end = async (id: string) => {
    setAnswer(await callApi(`contracts/${segment(id)}`, { method: 'DELETE' }));
    onDone();
  };
  return (
    <Card title="Contracts" note={`${consents} active ${consents === 1 ? 'consent' : 'consents'} of drivers`}>
      {contracts.length === 0 ? (
        <Empty what="No contract">{withoutContract(roles.map(({ role }) => role))}</Empty>
      ) : (
        <Table
          name="Contracts"
          rows={contracts}
          idOf={(it) => it.id}
          columns={[
            { name: 'Party', show: (it) => it.party },
            { name: 'Rights', show: (it) => it.may.join(', ') },
            { name: 'Scope', show: scopeOf },
            { name: 'From', show: (it) => <Time at={it.from} /> },
            { name: 'Until', show: (it) => <Time at={it.ended_at ?? it.until} /> },
            { name: 'Consent', show: (it) => (it.consented ? 'given' : 'none') },
            { name: 'Status', show: (it) => <Badge value={it.ended_at !== undefined ? 'ended' : it.halted ? 'HALTED' : 'ACTIVE'} /> },
            {
              name: 'Actions',
              show: (it) =>
                it.ended_at === undefined && (
                  <Confirm label="End contract" danger disabled={!isAdmin} onConfirm={() => end(it.id)}>
                    {it.party} loses the rights of this contract. Charging profiles that it may no longer set are cleared.
                  </Confirm>
                ),
            },
          ]}
        />
      )}
      <AnswerNotice answer={answer} success="The contract has ended." />
    </Card>
  );
}

function withoutContract(roles: readonly string[]): string {
  if (roles.includes('EMSP')) return 'Without a contract this eMSP sees and steers the sessions of its own customers only.';
  if (roles.includes('SCSP')) return 'Without a contract this SCSP sees and steers nothing.';
  return 'A contract lets a party see or steer sessions that are not of its own customers.';
}
