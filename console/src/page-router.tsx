import { useUser } from './data/signed-in-user.ts';
import { NotFoundPage } from './pages/not-found.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { SessionsPage } from './pages/sessions.tsx';
import { lazyPage } from './parts/lazy-page.tsx';

// These pages are loaded when they are first opened.
const AccessPage = lazyPage(async () => (await import('./pages/access.tsx')).AccessPage);
const AuditPage = lazyPage(async () => (await import('./pages/audit.tsx')).AuditPage);
const ConnectPage = lazyPage(async () => (await import('./pages/connect.tsx')).ConnectPage);
const ExchangesPage = lazyPage(async () => (await import('./pages/exchanges.tsx')).ExchangesPage);
const ExchangePage = lazyPage(async () => (await import('./pages/exchange.tsx')).ExchangePage);
const PeersPage = lazyPage(async () => (await import('./pages/peers.tsx')).PeersPage);
const PeerPage = lazyPage(async () => (await import('./pages/peer.tsx')).PeerPage);
const PlanPage = lazyPage(async () => (await import('./pages/plan.tsx')).PlanPage);
const SessionPage = lazyPage(async () => (await import('./pages/session.tsx')).SessionPage);
const ShadowPage = lazyPage(async () => (await import('./pages/shadow.tsx')).ShadowPage);
const SitesPage = lazyPage(async () => (await import('./pages/sites.tsx')).SitesPage);
const SteeringPage = lazyPage(async () => (await import('./pages/steering.tsx')).SteeringPage);
const StationPage = lazyPage(async () => (await import('./pages/station.tsx')).StationPage);
const StationsPage = lazyPage(async () => (await import('./pages/stations.tsx')).StationsPage);
const TroublePage = lazyPage(async () => (await import('./pages/trouble.tsx')).TroublePage);

/** Shows the page of an address. The pages of peers keep their older address, /console/parties, so that saved links work. */
export function PageRouter({ segments }: { segments: readonly string[] }) {
  const isDemo = useUser().node.trouble === true;
  const [noun = '', name, ...more] = segments;
  if (more.length > 0) return <NotFoundPage />;
  switch (noun) {
    case '':
      return <OverviewPage />;
    case 'sessions':
      return name === undefined ? <SessionsPage /> : <SessionPage key={name} name={name} />;
    case 'exchanges':
      return name === undefined ? <ExchangesPage /> : <ExchangePage key={name} id={name} />;
    case 'parties':
      return name === undefined ? <PeersPage /> : <PeerPage key={name} id={name} />;
    case 'stations':
      return name === undefined ? <StationsPage /> : <StationPage key={name} id={name} />;
    case 'shadow':
      return <ShadowPage />;
    case 'sites':
      return <SitesPage key={name ?? ''} only={name} />;
    case 'connect':
      return <ConnectPage />;
    case 'steering':
      return <SteeringPage />;
    case 'plan':
      return <PlanPage />;
    case 'audit':
      return <AuditPage />;
    case 'access':
      return <AccessPage />;
    case 'trouble':
      return isDemo ? <TroublePage /> : <NotFoundPage />;
    default:
      return <NotFoundPage />;
  }
}
