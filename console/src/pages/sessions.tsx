import type { PeerView, SessionView } from '../data/api-types.ts';
import type { SiteView } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { useRoute } from '../data/route.ts';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Chosen, Search, SortChoice, Toggle } from '../parts/search.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';
import { text } from '../text/text.ts';

const STATUSES = ['ACTIVE', 'PENDING', 'COMPLETED', 'INVALID', 'RESERVATION'];

/** Causes that a list is filtered by, most frequent first. */
const LIMITED_BY = [
  'site-share',
  'site-waits',
  'party-profile',
  'operator-limit',
  'price-plan',
  'imposed-limit',
  'evse-maximum',
  'car-takes-less',
  'car-suspends',
  'car-full',
  'station-away',
  'limit-unknown',
  'above-limit',
] as const;
const isCause = (value: string): value is (typeof LIMITED_BY)[number] => LIMITED_BY.some((it) => it === value);

/** The list of all sessions. */
export function SessionsPage() {
  const { query } = useRoute();
  const { session, list } = text();
  const sites = useResource<{ items: SiteView[] }>('sites').value?.items ?? [];
  const peers = useResource<{ items: PeerView[] }>('peers').value?.items ?? [];
  const parties = [...new Set(peers.flatMap(({ roles }) => roles.map((it) => `${it.country_code}*${it.party_id}`)))];
  const chosen = (name: string) => query.get(name) ?? '';
  const station = query.get('station');
  return (
    <ListPage<SessionView>
      title={session.plural}
      path="sessions"
      csvPath="sessions.csv"
      hasViews
      columns={sessionColumns()}
      idOf={(it) => it.key}
      filterNames={['q', 'status', 'party', 'site', 'station', 'limited_by', 'deviates', 'away']}
      refreshOn={(it) => it.kind === 'session' || it.kind === 'exchange'}
      everySeconds={15}
      filters={
        <>
          <Search name={session.search} value={chosen('q')} />
          <Choice name={session.status} parameter="status" value={chosen('status')} of={STATUSES} />
          <Choice name={list.filters.party} parameter="party" value={chosen('party')} of={withChosen(parties, chosen('party'))} labelOf={(it) => it} />
          <Choice
            name={list.filters.site}
            parameter="site"
            value={chosen('site')}
            of={withChosen(
              sites.map(({ name }) => name),
              chosen('site'),
            )}
            labelOf={(it) => it}
          />
          <Choice
            name={text().why.column}
            parameter="limited_by"
            value={chosen('limited_by')}
            of={withChosen(LIMITED_BY, chosen('limited_by'))}
            labelOf={(it) => (isCause(it) ? list.causes[it] : it)}
          />
          <Toggle name={list.filters.deviates} parameter="deviates" on={query.has('deviates')} />
          <Toggle name={list.filters.away} parameter="away" on={query.has('away')} />
          <SortChoice columns={sessionColumns()} value={chosen('sort')} />
          {station !== null && <Chosen name={text().station.title(station)} parameter="station" />}
        </>
      }
      empty={session.empty}
    />
  );
}

/** The value of the address may be one that the list of choices does not have. */
const withChosen = (choices: readonly string[], value: string): readonly string[] =>
  value === '' || choices.some((it) => it === value) ? choices : [...choices, value];
