import { useRoute } from '../data/route.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { InvitePeer } from '../parts/invite-peer.tsx';
import { Link } from '../parts/link.tsx';
import { Card, Page } from '../parts/page.tsx';
import { RegisterAtPeer } from '../parts/register-at-peer.tsx';

/** Connects a peer: either it registers at this node, or this node registers at its platform. */
export function ConnectPage() {
  const { query } = useRoute();
  const isAdmin = useHasRole('admin');
  const way = query.get('way') === 'register' ? 'register' : 'invite';
  return (
    <Page title="Connect a peer" trail={[{ name: 'Peers', to: ['parties'] }]}>
      <div class="row">
        <Link to={['connect']} search="?way=invite" class="button" aria-current={way === 'invite' ? 'page' : undefined}>
          They register at this node
        </Link>
        <Link to={['connect']} search="?way=register" class="button" aria-current={way === 'register' ? 'page' : undefined}>
          Register at their platform
        </Link>
      </div>
      {isAdmin ? way === 'invite' ? <InvitePeer /> : <RegisterAtPeer /> : <Card title="Not allowed">To connect a peer you need the role admin.</Card>}
    </Page>
  );
}
