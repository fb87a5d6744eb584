import type { SessionView } from '../data/api-types.ts';
import { useRoute } from '../data/route.ts';
import { ListPage } from '../parts/list-page.tsx';
import { Choice, Search } from '../parts/search.tsx';
import { sessionColumns } from '../parts/session-columns.tsx';

const STATUSES = ['ACTIVE', 'PENDING', 'COMPLETED', 'INVALID', 'RESERVATION'];

/** The list of all sessions. */
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
          <Choice name="Status" parameter="status" value={query.get('status') ?? ''} of={STATUSES} />
        </>
      }
      empty="A session appears when a car plugs in at a station of this node, or when a peer reports one."
    />
  );
}
