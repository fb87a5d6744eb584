import { useEffect, useState } from 'preact/hooks';
import { learnEvent } from './node-clock.ts';
import { follow, type Link } from './event-stream.ts';
import type { EventView } from './api-types.ts';

// The one connection that all parts of the page share.
const hearers = new Set<(event: EventView) => void>();
const watchers = new Set<(link: Link) => void>();
let link: Link = 'connecting';
let stop: (() => void) | undefined;

function become(next: Link): void {
  if (next === link) return;
  link = next;
  for (const tell of watchers) tell(next);
}

/** Begins to follow the node's events; `onSignedOut` when the login is over. */
export function beginLive(onSignedOut: () => void): void {
  stop?.();
  stop = follow({
    onEvent: (event) => {
      learnEvent(event.at);
      for (const tell of hearers) tell(event);
    },
    onLink: become,
    onSignedOut,
  });
}
/** Follows no longer. */
export function endLive(): void {
  stop?.();
  stop = undefined;
}

export function onEvent(hear: (event: EventView) => void): () => void {
  hearers.add(hear);
  return () => void hearers.delete(hear);
}
export function onLink(watch: (link: Link) => void): () => void {
  watchers.add(watch);
  return () => void watchers.delete(watch);
}

/** How the connection to the node stands, now and when it changes. */
export function useLink(): Link {
  const [now, set] = useState(link);
  useEffect(() => {
    set(link);
    return onLink(set);
  }, []);
  return now;
}
