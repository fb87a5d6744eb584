import { segment } from '../data/api-client.ts';
import type { ContractView, PeerDetail } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { useSend } from '../data/send.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Link } from './link.tsx';
import { Card, Empty } from './page.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

const scopeOf = ({ tokens_of: tokens, locations, evses }: ContractView) =>
  [tokens && text().contract.customers(tokens), locations && text().contract.locations(locations.join(', ')), evses && text().contract.evses(evses.join(', '))]
    .filter(Boolean)
    .join('; ') || text().contract.allSessions;

/** The contracts of a peer: what its parties may see and control, and whether drivers consented. */
export function Contracts({ peer, onDone }: { peer: PeerDetail; onDone(): void }) {
  const texts = text().contract;
  const { contracts, consents, roles } = peer;
  return (
    <Card
      title={texts.plural}
      note={texts.note(consents)}
      actions={
        <Link to={['access']} search="?tab=agreements" class="small">
          {text().nav.access}
        </Link>
      }
    >
      <ContractTable contracts={contracts} none={withoutContract(roles.map(({ role }) => role))} onDone={onDone} />
    </Card>
  );
}

interface ContractTableProps {
  contracts: readonly ContractView[];
  /** What holds without a contract. */
  none: string;
  onDone(): void;
}

/** Contracts with a button that ends each. */
export function ContractTable({ contracts, none, onDone }: ContractTableProps) {
  const texts = text().contract;
  const isAdmin = useHasRole('admin');
  const { sent, send } = useSend(onDone);
  const end = (id: string) => void send(`contracts/${segment(id)}`, { method: 'DELETE' }, texts.ended);
  return (
    <>
      {contracts.length === 0 ? (
        <Empty what={texts.none}>{none}</Empty>
      ) : (
        <Table
          name={texts.plural}
          rows={contracts}
          idOf={(it) => it.id}
          columns={[
            { name: texts.columns.party, show: (it) => it.party },
            { name: texts.columns.rights, show: (it) => it.may.map(labelOf).join(', ') },
            { name: texts.columns.scope, show: scopeOf },
            { name: texts.columns.from, show: (it) => <Time at={it.from} /> },
            { name: texts.columns.until, show: (it) => <Time at={it.ended_at ?? it.until} /> },
            { name: texts.columns.consent, show: (it) => (it.consented ? texts.consented : texts.notConsented) },
            { name: texts.columns.status, show: (it) => <Badge value={it.ended_at !== undefined ? 'ended' : it.halted ? 'HALTED' : 'ACTIVE'} /> },
            {
              name: texts.columns.actions,
              show: (it) =>
                it.ended_at === undefined && (
                  <Confirm label={texts.end} slim danger disabled={!isAdmin} onConfirm={() => end(it.id)}>
                    {texts.endHelp(it.party)}
                  </Confirm>
                ),
            },
          ]}
        />
      )}
      <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
    </>
  );
}

function withoutContract(roles: readonly string[]): string {
  if (roles.includes('EMSP')) return text().contract.withoutEmsp;
  if (roles.includes('SCSP')) return text().contract.withoutScsp;
  return text().contract.without;
}
