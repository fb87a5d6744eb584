import { useState } from 'preact/hooks';
import type { EventView, ExchangeView, Listed } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
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
    <Card title="Exchanges" note="newest first; open one to see its messages" actions={<SaveCsv name="Exchanges" columns={exchangeColumns} rows={items} />}>
      <Loaded of={exchanges}>
        {({ next }) =>
          items.length === 0 ? (
            <Empty what="No requests yet">Requests of peers and of the operator appear here with all their messages.</Empty>
          ) : (
            <>
              <ul class="life">
                {items.map((it) => (
                  <ExchangeRow key={it.id} exchange={it} />
                ))}
              </ul>
              {next !== undefined && (
                <button type="button" class="button slim" onClick={() => setLimit(limit + 50)}>
                  Show older
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
