import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { ConsentView } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { useResource } from '../data/resource.ts';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Time } from './time.tsx';
import { Table } from './table.tsx';
import { AnswerNotice } from './answer-notice.tsx';

/** Which drivers consented that these parties steer their sessions, and to which text. */
export function Consents({ parties }: { parties: readonly string[] }) {
  const admin = useHasRole('admin');
  const [said, say] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const consents = useResource<{ items: ConsentView[] }>('consents', undefined, { everySeconds: 30 });
  const withdraw = async ({ party, driver }: ConsentView) => {
    say(await callApi('consents/withdraw', { method: 'POST', body: { party, driver } }));
    consents.reload();
  };
  return (
    <Card title="Consents" note="drivers by the name that the store has for them">
      <Loaded of={consents}>
        {({ items }) => {
          const mine = items.filter((it) => parties.includes(it.party));
          if (mine.length === 0) return <Empty what="No consent">Where a contract needs one, it is given with evenkeel consents.</Empty>;
          return (
            <Table
              name="Consents"
              rows={mine}
              idOf={(it) => `${it.party} ${it.driver} ${it.given_at}`}
              columns={[
                { name: 'Party', show: (it) => it.party },
                { name: 'Driver', show: (it) => (it.driver === '*' ? 'all drivers' : <span class="mono">{it.driver.slice(0, 16)}</span>) },
                { name: 'For', show: (it) => it.purpose },
                { name: 'Text', show: (it) => it.text_version },
                { name: 'Given', show: (it) => <Time at={it.given_at} /> },
                { name: 'State', show: (it) => (it.withdrawn_at === undefined ? <Badge word="ACTIVE" /> : <Time at={it.withdrawn_at} />) },
                {
                  name: 'Act',
                  show: (it) =>
                    it.withdrawn_at === undefined && (
                      <Confirm label="Withdraw consent" danger disabled={!admin} onConfirm={() => withdraw(it)}>
                        What rested on it ends within a minute, and the profiles of {it.party} are cleared.
                      </Confirm>
                    ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      <AnswerNotice answer={said} good="The consent is withdrawn." />
    </Card>
  );
}
