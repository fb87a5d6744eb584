import { useEffect, useState } from 'preact/hooks';
import { noteEventTime } from './node-clock.ts';
import { followEvents, type ConnectionStatus } from './event-stream.ts';
import type { EventView } from './api-types.ts';

// The one connection that all parts of the page share.
const eventListeners = new Set<(event: EventView) => void>();
const statusListeners = new Set<(status: ConnectionStatus) => void>();
let status: ConnectionStatus = 'connecting';
let stop: (() => void) | undefined;

function setStatus(next: ConnectionStatus): void {
  if (next === status) return;
  status = next;
  for (const tell of statusListeners) tell(next);
}

/** Begins to follow the node's events; `onSignedOut` when the login is over. */
export function startEvents(onSignedOut: () => void): void {
  stop?.();
  stop = followEvents({
    onEvent: (event) => {
      noteEventTime(event.at);
      for (const tell of eventListeners) tell(event);
    },
    onConnectionStatus: setStatus,
    onSignedOut,
  });
}
/** Follows no longer. */
export function stopEvents(): void {
  stop?.();
  stop = undefined;
}

export function onEvent(hear: (event: EventView) => void): () => void {
  eventListeners.add(hear);
  return () => void eventListeners.delete(hear);
}
export function onConnectionStatus(watch: (status: ConnectionStatus) => void): () => void {
  statusListeners.add(watch);
  return () => void statusListeners.delete(watch);
}

/** How the connection to the node stands, now and when it changes. */
export function useConnectionStatus(): ConnectionStatus {
  const [now, set] = useState(status);
  useEffect(() => {
    set(status);
    return onConnectionStatus(set);
  }, []);
  return now;
}
