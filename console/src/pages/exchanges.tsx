import { useRoute } from '../data/route.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { exchangeColumns } from '../parts/exchange-columns.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';

const STATES = [
  ...['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'],
  ...['POSTING', 'AWAITING', 'CONFIRMED', 'REJECTED', 'UNKNOWN', 'REFUSED', 'UNCERTAIN'],
];

/** All requests about charging profiles, paged by the node. */
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
          <Search name="Search session, party, id, X-Request-ID" value={query.get('q') ?? ''} />
          <Choice name="State" word="state" value={query.get('state') ?? ''} of={STATES} />
        </>
      }
      empty="Each request about a charging profile appears here, with all of its messages."
    />
  );
}
