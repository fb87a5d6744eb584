import type { ComponentChildren } from 'preact';
import { navigate, pathTo } from '../data/route.ts';

interface LinkProps {
  /** The path segments behind /console. */
  to: readonly string[];
  search?: string;
  class?: string;
  title?: string;
  'aria-current'?: 'page' | undefined;
  children: ComponentChildren;
}

/** A link to another page of the console. With a modifier key the browser handles it. */
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

/** A link to a session. */
export const SessionLink = ({ session }: { session: string }) => (
  <Link to={['sessions', session]} class="mono" title={session}>
    {shortSession(session)}
  </Link>
);
/** A short form of a session key, with the beginning of the id: NL*EVK*1a2b3c4d… */
export function shortSession(session: string): string {
  const [country = '', party = '', ...rest] = session.split('*');
  if (rest.length === 0) return session; // a peer named a session that does not exist
  const id = rest.join('*');
  return `${country}*${party}*${id.length > 10 ? `${id.slice(0, 8).toLowerCase()}…` : id}`;
}
/** A link to a peer. */
export const PeerLink = ({ peer }: { peer: string }) => <Link to={['parties', peer]}>{peer}</Link>;
/** A link to a station. */
export const StationLink = ({ station }: { station: string }) => <Link to={['stations', station]}>{station}</Link>;
