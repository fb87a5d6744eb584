import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { ConsentView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

/** The consents of drivers that these parties, or all parties, may see or steer their sessions, with a button to withdraw each. */
export function Consents({ parties }: { parties?: readonly string[] }) {
  const texts = text().consent;
  const isAdmin = useHasRole('admin');
  const [answer, setAnswer] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const consents = useResource<{ items: ConsentView[] }>('consents', undefined, { everySeconds: 30 });
  const withdraw = async ({ party, driver }: ConsentView) => {
    setAnswer(await callApi('consents/withdraw', { method: 'POST', body: { party, driver } }));
    consents.reload();
  };
  return (
    <Card title={texts.plural} note={texts.note}>
      <Loaded of={consents}>
        {({ items }) => {
          const shown = items.filter((it) => parties?.includes(it.party) ?? true);
          if (shown.length === 0) return <Empty what={texts.none}>{texts.noneHelp}</Empty>;
          return (
            <Table
              name={texts.plural}
              rows={shown}
              idOf={(it) => `${it.party} ${it.driver} ${it.given_at}`}
              columns={[
                { name: texts.columns.party, show: (it) => it.party },
                { name: texts.columns.driver, show: (it) => (it.driver === '*' ? texts.allDrivers : <span class="mono">{it.driver.slice(0, 16)}</span>) },
                { name: texts.columns.purpose, show: (it) => labelOf(it.purpose) },
                { name: texts.columns.terms, show: (it) => it.text_version },
                { name: texts.columns.given, show: (it) => <Time at={it.given_at} /> },
                {
                  name: texts.columns.status,
                  show: (it) => (it.withdrawn_at === undefined ? <Badge value="ACTIVE" /> : texts.withdrawnAt(<Time at={it.withdrawn_at} />)),
                },
                {
                  name: texts.columns.actions,
                  show: (it) =>
                    it.withdrawn_at === undefined && (
                      <Confirm label={texts.withdraw} slim danger disabled={!isAdmin} onConfirm={() => withdraw(it)}>
                        {texts.withdrawHelp(it.party)}
                      </Confirm>
                    ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      <AnswerNotice answer={answer} success={texts.withdrawn} />
    </Card>
  );
}
