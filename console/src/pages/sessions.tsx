import type { SessionView } from '../data/api-types.ts';
import { useRoute } from '../data/route.ts';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';
import { text } from '../text/text.ts';

const STATUSES = ['ACTIVE', 'PENDING', 'COMPLETED', 'INVALID', 'RESERVATION'];

/** The list of all sessions. */
export function SessionsPage() {
  const { query } = useRoute();
  return (
    <ListPage<SessionView>
      title={text().session.plural}
      path="sessions"
      columns={sessionColumns()}
      idOf={(it) => it.key}
      filterNames={['q', 'status']}
      refreshOn={(it) => it.kind === 'session' || it.kind === 'exchange'}
      filters={
        <>
          <Search name={text().session.search} value={query.get('q') ?? ''} />
          <Choice name={text().session.status} parameter="status" value={query.get('status') ?? ''} of={STATUSES} />
        </>
      }
      empty={text().session.empty}
    />
  );
}
