import { ExchangesPage } from './pages/exchanges.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { SessionPage } from './pages/session.tsx';
import { SessionsPage } from './pages/sessions.tsx';
import { later } from './parts/lazy-page.tsx';

// What is looked at less often comes when it is looked at.
const AuditPage = later(async () => (await import('./pages/audit.tsx')).AuditPage);
const ConnectPage = later(async () => (await import('./pages/connect.tsx')).ConnectPage);
const ExchangePage = later(async () => (await import('./pages/exchange.tsx')).ExchangePage);
const PartiesPage = later(async () => (await import('./pages/peers.tsx')).PartiesPage);
const PartyPage = later(async () => (await import('./pages/peer.tsx')).PartyPage);
const PlanPage = later(async () => (await import('./pages/plan.tsx')).PlanPage);
const SitesPage = later(async () => (await import('./pages/sites.tsx')).SitesPage);
const StationPage = later(async () => (await import('./pages/station.tsx')).StationPage);
const StationsPage = later(async () => (await import('./pages/stations.tsx')).StationsPage);

/** The page that an address names. */
export function Here({ steps }: { steps: readonly string[] }) {
  const [noun = '', name, ...more] = steps;
  if (more.length > 0) return <NotFoundPage />;
  switch (noun) {
    case '':
      return <OverviewPage />;
    case 'sessions':
      return name === undefined ? <SessionsPage /> : <SessionPage key={name} name={name} />;
    case 'exchanges':
      return name === undefined ? <ExchangesPage /> : <ExchangePage key={name} id={name} />;
    case 'parties':
      return name === undefined ? <PartiesPage /> : <PartyPage key={name} id={name} />;
    case 'stations':
      return name === undefined ? <StationsPage /> : <StationPage key={name} id={name} />;
    case 'sites':
      return <SitesPage key={name ?? ''} only={name} />;
    case 'connect':
      return <ConnectPage />;
    case 'plan':
      return <PlanPage />;
    case 'audit':
      return <AuditPage />;
    default:
      return <NotFoundPage />;
  }
}
