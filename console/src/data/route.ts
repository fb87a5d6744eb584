import { useEffect, useState } from 'preact/hooks';

/** Where the page is served. */
const BASE = '/console';

/** Where the reader is: the decoded steps behind /console, and the query. */
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

/** The address of a page: `at('sessions', key)`. */
export const pathTo = (...steps: readonly string[]): string => `${BASE}/${steps.map(encodeURIComponent).join('/')}`;

/** Goes to an address of the page, as a link would. */
export function navigate(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  for (const tell of listeners) tell();
}

/** Where the reader is, now and when it changes. */
export function useRoute(): Route {
  const [place, set] = useState(currentRoute);
  useEffect(() => {
    const tell = () => set(currentRoute());
    listeners.add(tell);
    addEventListener('popstate', tell);
    return () => {
      listeners.delete(tell);
      removeEventListener('popstate', tell);
    };
  }, []);
  return place;
}

/** Puts a word of the query into the address, so that what is seen can be linked to; empty takes it out. */
export function setQuery(words: Readonly<Record<string, string | undefined>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(words)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  navigate(`${location.pathname}${search === '' ? '' : `?${search}`}`);
}
