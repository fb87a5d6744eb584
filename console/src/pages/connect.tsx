import { useRoute } from '../data/route.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { Card, Page } from '../parts/page.tsx';
import { InvitePeer } from '../parts/invite-peer.tsx';
import { Link } from '../parts/link.tsx';
import { RegisterAtPeer } from '../parts/register-at-peer.tsx';

/** Connecting a party: either we invite it, or we register at its platform. */
export function ConnectPage() {
  const { query } = useRoute();
  const admin = useHasRole('admin');
  const way = query.get('way') === 'register' ? 'register' : 'invite';
  return (
    <Page title="Connect a party" trail={[{ name: 'Parties', to: ['parties'] }]}>
      <div class="row">
        <Link to={['connect']} search="?way=invite" class="button" aria-current={way === 'invite' ? 'page' : undefined}>
          They register with us
        </Link>
        <Link to={['connect']} search="?way=register" class="button" aria-current={way === 'register' ? 'page' : undefined}>
          We register with them
        </Link>
      </div>
      {admin ? way === 'invite' ? <InvitePeer /> : <RegisterAtPeer /> : <Card title="Not yours to do">Connecting parties needs the role admin.</Card>}
    </Page>
  );
}
