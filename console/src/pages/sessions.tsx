import { useRoute } from '../data/route.ts';
import type { SessionView } from '../data/api-types.ts';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';

const STATUSES = ['ACTIVE', 'PENDING', 'COMPLETED', 'INVALID', 'RESERVATION'];

/** All sessions, paged by the node. */
export function SessionsPage() {
  const { query } = useRoute();
  return (
    <ListPage<SessionView>
      title="Sessions"
      path="sessions"
      columns={sessionColumns}
      idOf={(it) => it.key}
      filterNames={['q', 'status']}
      refreshOn={(it) => it.kind === 'session' || it.kind === 'exchange'}
      filters={
        <>
          <Search name="Search session, station, EVSE, location" value={query.get('q') ?? ''} />
          <Choice name="Status" word="status" value={query.get('status') ?? ''} of={STATUSES} />
        </>
      }
      empty="A session appears as soon as a car plugs in at one of our charge points, or a party tells of one."
    />
  );
}
