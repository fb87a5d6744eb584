import type { ExchangeView } from '../data/api-types.ts';
import { useRoute } from '../data/route.ts';
import { exchangeColumns } from '../parts/exchange-columns.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';

const STATES = [
  ...['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'],
  ...['POSTING', 'AWAITING', 'CONFIRMED', 'REJECTED', 'UNKNOWN', 'REFUSED', 'UNCERTAIN'],
];

/** The list of all exchanges: requests about charging profiles. */
export function ExchangesPage() {
  const { query } = useRoute();
  return (
    <ListPage<ExchangeView>
      title="Exchanges"
      path="exchanges"
      columns={exchangeColumns}
      idOf={(it) => it.id}
      filterNames={['q', 'state', 'session']}
      refreshOn={(it) => it.kind === 'exchange'}
      filters={
        <>
          <Search name="Search session, peer, id, X-Request-ID" value={query.get('q') ?? ''} />
          <Choice name="Status" parameter="state" value={query.get('state') ?? ''} of={STATES} />
        </>
      }
      empty="Each request about a charging profile appears here with all its messages."
    />
  );
}
