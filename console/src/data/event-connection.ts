import { useEffect, useState } from 'preact/hooks';
import type { EventView } from './api-types.ts';
import { type ConnectionStatus, followEvents } from './event-stream.ts';
import { noteEventTime } from './node-clock.ts';

// One connection to the event stream; all parts of the page share it.
const eventListeners = new Set<(event: EventView) => void>();
const statusListeners = new Set<(status: ConnectionStatus) => void>();
let status: ConnectionStatus = 'connecting';
let stop: (() => void) | undefined;

function setStatus(next: ConnectionStatus): void {
  if (next === status) return;
  status = next;
  for (const notify of statusListeners) notify(next);
}

/** Starts to follow the node's events. Calls `onSignedOut` when the login has ended. */
export function startEvents(onSignedOut: () => void): void {
  stop?.();
  stop = followEvents({
    onEvent: (event) => {
      noteEventTime(event.at);
      for (const notify of eventListeners) notify(event);
    },
    onConnectionStatus: setStatus,
    onSignedOut,
  });
}
/** Stops to follow the node's events. */
export function stopEvents(): void {
  stop?.();
  stop = undefined;
}

/** Calls `listener` for each event; call the returned function to stop. */
export function onEvent(listener: (event: EventView) => void): () => void {
  eventListeners.add(listener);
  return () => void eventListeners.delete(listener);
}
/** Calls `listener` when the status of the connection changes; call the returned function to stop. */
export function onConnectionStatus(listener: (status: ConnectionStatus) => void): () => void {
  statusListeners.add(listener);
  return () => void statusListeners.delete(listener);
}

/** The status of the connection to the node; renders again when it changes. */
export function useConnectionStatus(): ConnectionStatus {
  const [shown, set] = useState(status);
  useEffect(() => {
    set(status);
    return onConnectionStatus(set);
  }, []);
  return shown;
}
