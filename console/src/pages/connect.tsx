import { useRoute } from '../data/route.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { InvitePeer } from '../parts/invite-peer.tsx';
import { Link } from '../parts/link.tsx';
import { Card, Page } from '../parts/page.tsx';
import { RegisterAtPeer } from '../parts/register-at-peer.tsx';
import { text } from '../text/text.ts';

/** Connects a peer: either it registers at this node, or this node registers at its platform. */
export function ConnectPage() {
  const { query } = useRoute();
  const isAdmin = useHasRole('admin');
  const way = query.get('way') === 'register' ? 'register' : 'invite';
  return (
    <Page title={text().connect.title} trail={[{ name: text().nav.peers, to: ['parties'] }]}>
      <div class="row">
        <Link to={['connect']} search="?way=invite" class="button" aria-current={way === 'invite' ? 'page' : undefined}>
          {text().connect.theyRegister}
        </Link>
        <Link to={['connect']} search="?way=register" class="button" aria-current={way === 'register' ? 'page' : undefined}>
          {text().connect.weRegister}
        </Link>
      </div>
      {isAdmin ? way === 'invite' ? <InvitePeer /> : <RegisterAtPeer /> : <Card title={text().connect.notAllowed}>{text().connect.needsAdmin}</Card>}
    </Page>
  );
}
