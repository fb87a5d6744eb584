import type { ComponentChildren } from 'preact';
import { pathTo, navigate } from '../data/route.ts';

interface LinkProps {
  /** The steps behind /console. */
  to: readonly string[];
  search?: string;
  class?: string;
  title?: string;
  'aria-current'?: 'page' | undefined;
  children: ComponentChildren;
}

/** A link inside of the page; with a modifier key it is the browser's own. */
export function Link({ to, search = '', children, ...rest }: LinkProps) {
  const address = pathTo(...to) + search;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(address);
  };
  return (
    <a {...rest} href={address} onClick={follow}>
      {children}
    </a>
  );
}

export const SessionLink = ({ session }: { session: string }) => (
  <Link to={['sessions', session]} class="mono" title={session}>
    {shortSession(session)}
  </Link>
);
/** A session by party and the beginning of its id: NL*EVK*1a2b3c4d… */
export function shortSession(session: string): string {
  const [country = '', party = '', ...rest] = session.split('*');
  const id = rest.join('*');
  return `${country}*${party}*${id.length > 10 ? `${id.slice(0, 8).toLowerCase()}…` : id}`;
}
export const PeerLink = ({ peer }: { peer: string }) => <Link to={['parties', peer]}>{peer}</Link>;
export const StationLink = ({ station }: { station: string }) => <Link to={['stations', station]}>{station}</Link>;
