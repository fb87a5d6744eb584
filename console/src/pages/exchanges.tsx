import type { ExchangeView } from '../data/api-types.ts';
import { setQuery, useRoute } from '../data/route.ts';
import { exchangeColumns } from '../parts/exchange-columns.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';

/** The outcomes that a badge can show, and OPEN for an exchange that has not ended. */
const OUTCOMES = ['OPEN', 'ACCEPTED', 'REJECTED', 'NOT_SUPPORTED', 'TOO_OFTEN', 'UNKNOWN_SESSION', 'UNKNOWN', 'UNCERTAIN', 'CANCELLED'];

/** The list of all exchanges: requests about charging profiles. */
export function ExchangesPage() {
  const { query } = useRoute();
  const station = query.get('station');
  return (
    <ListPage<ExchangeView>
      title="Exchanges"
      path="exchanges"
      columns={exchangeColumns}
      idOf={(it) => it.id}
      filterNames={['q', 'outcome', 'station', 'session']}
      refreshOn={(it) => it.kind === 'exchange'}
      everySeconds={15}
      filters={
        <>
          <Search name="Search session, peer, id, X-Request-ID" value={query.get('q') ?? ''} />
          <Choice name="Result" parameter="outcome" value={query.get('outcome') ?? ''} of={OUTCOMES} />
          {station !== null && (
            <button type="button" class="button slim" onClick={() => setQuery({ station: undefined, before: undefined })}>
              Station {station} ×<span class="hidden"> Show all stations</span>
            </button>
          )}
        </>
      }
      empty="Each request about a charging profile appears here with all its messages."
    />
  );
}
