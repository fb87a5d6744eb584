import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { ConsentView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

/** The consents of drivers that these parties may see or steer their sessions, with a button to withdraw each. */
export function Consents({ parties }: { parties: readonly string[] }) {
  const isAdmin = useHasRole('admin');
  const [answer, setAnswer] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const consents = useResource<{ items: ConsentView[] }>('consents', undefined, { everySeconds: 30 });
  const withdraw = async ({ party, driver }: ConsentView) => {
    setAnswer(await callApi('consents/withdraw', { method: 'POST', body: { party, driver } }));
    consents.reload();
  };
  return (
    <Card title="Consents" note="drivers by pseudonym">
      <Loaded of={consents}>
        {({ items }) => {
          const shown = items.filter((it) => parties.includes(it.party));
          if (shown.length === 0) return <Empty what="No consents">Add a consent with the command: evenkeel consents add.</Empty>;
          return (
            <Table
              name="Consents"
              rows={shown}
              idOf={(it) => `${it.party} ${it.driver} ${it.given_at}`}
              columns={[
                { name: 'Party', show: (it) => it.party },
                { name: 'Driver', show: (it) => (it.driver === '*' ? 'all drivers' : <span class="mono">{it.driver.slice(0, 16)}</span>) },
                { name: 'Purpose', show: (it) => labelOf(it.purpose) },
                { name: 'Terms version', show: (it) => it.text_version },
                { name: 'Given', show: (it) => <Time at={it.given_at} /> },
                { name: 'Status', show: (it) => (it.withdrawn_at === undefined ? <Badge value="ACTIVE" /> : <Withdrawn at={it.withdrawn_at} />) },
                {
                  name: 'Actions',
                  show: (it) =>
                    it.withdrawn_at === undefined && (
                      <Confirm label="Withdraw consent" danger disabled={!isAdmin} onConfirm={() => withdraw(it)}>
                        {it.party} loses the rights that need this consent. Charging profiles that it may no longer set are cleared.
                      </Confirm>
                    ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      <AnswerNotice answer={answer} success="The consent is withdrawn." />
    </Card>
  );
}

const Withdrawn = ({ at }: { at: string }) => (
  <>
    withdrawn <Time at={at} />
  </>
);
