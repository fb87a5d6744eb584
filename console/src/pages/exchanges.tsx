import type { ExchangeView } from '../data/api-types.ts';
import { useRoute } from '../data/route.ts';
import { exchangeColumns } from '../parts/exchange-columns.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { text } from '../text/text.ts';

const STATES = [
  ...['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'],
  ...['POSTING', 'AWAITING', 'CONFIRMED', 'REJECTED', 'UNKNOWN', 'REFUSED', 'UNCERTAIN'],
];

/** The list of all exchanges: requests about charging profiles. */
export function ExchangesPage() {
  const { query } = useRoute();
  return (
    <ListPage<ExchangeView>
      title={text().exchange.plural}
      path="exchanges"
      columns={exchangeColumns()}
      idOf={(it) => it.id}
      filterNames={['q', 'state', 'session']}
      refreshOn={(it) => it.kind === 'exchange'}
      filters={
        <>
          <Search name={text().exchange.search} value={query.get('q') ?? ''} />
          <Choice name={text().exchange.status} parameter="state" value={query.get('state') ?? ''} of={STATES} />
        </>
      }
      empty={text().exchange.empty}
    />
  );
}
