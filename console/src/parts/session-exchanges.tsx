import { useState } from 'preact/hooks';
import type { EventView, ExchangeView, Listed } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
import { text } from '../text/text.ts';
import { exchangeColumns } from './exchange-columns.tsx';
import { ExchangeRow } from './exchange-row.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { SaveCsv } from './table.tsx';

/** All exchanges about a session, newest first. Each opens to its messages. */
export function SessionExchanges({ session }: { session: string }) {
  const [limit, setLimit] = useState(20);
  const refreshOn = (it: EventView) => 'session' in it && it.session === session;
  const exchanges = useResource<Listed<ExchangeView>>('exchanges', { session, limit }, { refreshOn, everySeconds: 10 });
  const items = exchanges.value?.items ?? [];
  return (
    <Card
      title={text().exchange.plural}
      note={text().exchange.ofSession}
      actions={<SaveCsv name={text().exchange.plural} columns={exchangeColumns()} rows={items} />}
    >
      <Loaded of={exchanges}>
        {({ next }) =>
          items.length === 0 ? (
            <Empty what={text().exchange.emptySession}>{text().exchange.emptySessionHelp}</Empty>
          ) : (
            <>
              <ul class="life">
                {items.map((it) => (
                  <ExchangeRow key={it.id} exchange={it} />
                ))}
              </ul>
              {next !== undefined && (
                <button type="button" class="button slim" onClick={() => setLimit(limit + 50)}>
                  {text().exchange.showOlder}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
