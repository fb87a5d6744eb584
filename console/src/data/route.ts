import { useEffect, useState } from 'preact/hooks';

/** Where the node serves the page. */
const BASE = '/console';

/** The address of the page: the decoded path segments behind /console, and the query. */
export interface Route {
  segments: readonly string[];
  query: URLSearchParams;
}

const listeners = new Set<() => void>();
const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
const currentRoute = (): Route => ({
  segments: location.pathname
    .slice(BASE.length)
    .split('/')
    .filter((it) => it !== '')
    .map(decode),
  query: new URLSearchParams(location.search),
});

/** The address of a page: `pathTo('sessions', key)`. */
export const pathTo = (...segments: readonly string[]): string => `${BASE}/${segments.map(encodeURIComponent).join('/')}`;

/** Goes to an address of the page without loading it again. */
export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  for (const notify of listeners) notify();
}

/** The current route; renders again when it changes. */
export function useRoute(): Route {
  const [route, set] = useState(currentRoute);
  useEffect(() => {
    const update = () => set(currentRoute());
    listeners.add(update);
    addEventListener('popstate', update);
    return () => {
      listeners.delete(update);
      removeEventListener('popstate', update);
    };
  }, []);
  return route;
}

/** Puts values into the query of the address, so that a filtered list can be linked to. An empty value is removed. */
export function setQuery(values: Readonly<Record<string, string | undefined>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  navigate(`${location.pathname}${search === '' ? '' : `?${search}`}`);
}
