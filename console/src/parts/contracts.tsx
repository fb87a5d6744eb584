import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { ContractView } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Card, Empty } from './page.tsx';
import { Time } from './time.tsx';
import { Table } from './table.tsx';
import { AnswerNotice } from './answer-notice.tsx';

const scopeOf = ({ tokens_of: tokens, locations, evses }: ContractView) =>
  [tokens && `cards of ${tokens}`, locations && `locations ${locations.join(', ')}`, evses && `EVSEs ${evses.join(', ')}`].filter(Boolean).join('; ') ||
  'all sessions';

/** What a party may see and control, on which ground, and whether drivers consented. */
export function Contracts({ contracts, consents, onDone }: { contracts: readonly ContractView[]; consents: number; onDone(): void }) {
  const admin = useHasRole('admin');
  const [said, say] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const end = async (id: string) => {
    say(await callApi(`contracts/${segment(id)}`, { method: 'DELETE' }));
    onDone();
  };
  return (
    <Card title="Contracts and consent" note={`${consents} ${consents === 1 ? 'consent' : 'consents'} of drivers`}>
      {contracts.length === 0 ? (
        <Empty what="No contract">What it may do follows from its role alone: an eMSP steers the sessions of its own customers.</Empty>
      ) : (
        <Table
          name="Contracts"
          rows={contracts}
          idOf={(it) => it.id}
          columns={[
            { name: 'Party', show: (it) => it.party },
            { name: 'May', show: (it) => it.may.join(', ') },
            { name: 'Over', show: scopeOf },
            { name: 'From', show: (it) => <Time at={it.from} /> },
            { name: 'Until', show: (it) => <Time at={it.ended_at ?? it.until} /> },
            { name: 'Consent', show: (it) => (it.consented ? 'given' : 'none') },
            { name: 'State', show: (it) => <Badge word={it.ended_at !== undefined ? 'ended' : it.halted ? 'HALTED' : 'ACTIVE'} /> },
            {
              name: 'Act',
              show: (it) =>
                it.ended_at === undefined && (
                  <Confirm label="End contract" danger disabled={!admin} onConfirm={() => end(it.id)}>
                    {it.party} loses what this contract lets it do, at once.
                  </Confirm>
                ),
            },
          ]}
        />
      )}
      <AnswerNotice answer={said} good="The contract has ended." />
    </Card>
  );
}
