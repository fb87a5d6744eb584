import type { ExchangeView } from '../data/api-types.ts';
import { setQuery, useRoute } from '../data/route.ts';
import { exchangeColumns } from '../parts/exchange-columns.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Chosen, Search } from '../parts/search.tsx';
import { text } from '../text/text.ts';

/** The outcomes that a badge can show, and OPEN for an exchange that has not ended. */
const OUTCOMES = ['OPEN', 'ACCEPTED', 'REJECTED', 'NOT_SUPPORTED', 'TOO_OFTEN', 'UNKNOWN_SESSION', 'UNKNOWN', 'UNCERTAIN', 'CANCELLED'];

/** The state of an exchange whose result did not reach the party; an alarm opens the list of them. */
const UNDELIVERED = 'UNDELIVERED';

/** The list of all exchanges: requests about charging profiles. */
export function ExchangesPage() {
  const { query } = useRoute();
  const station = query.get('station');
  return (
    <ListPage<ExchangeView>
      title={text().exchange.plural}
      path="exchanges"
      csvPath="exchanges.csv"
      hasViews
      columns={exchangeColumns()}
      idOf={(it) => it.id}
      filterNames={['q', 'outcome', 'state', 'station', 'session']}
      refreshOn={(it) => it.kind === 'exchange'}
      everySeconds={15}
      filters={
        <>
          <Search name={text().exchange.search} value={query.get('q') ?? ''} />
          <Choice name={text().exchange.columns.result} parameter="outcome" value={query.get('outcome') ?? ''} of={OUTCOMES} />
          {query.get('state') === UNDELIVERED && <Chosen name={text().deliveries[UNDELIVERED]} parameter="state" />}
          {station !== null && (
            <button type="button" class="button slim" onClick={() => setQuery({ station: undefined, before: undefined })}>
              {text().station.title(station)} ×<span class="hidden"> {text().exchange.allStations}</span>
            </button>
          )}
        </>
      }
      empty={text().exchange.empty}
    />
  );
}
