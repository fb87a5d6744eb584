import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiAnswer, type ApiError, callApi, type RequestOptions } from './api-client.ts';
import type { EventView } from './api-types.ts';
import { onConnectionStatus, onEvent } from './event-connection.ts';

/** Data of the node, as last received. */
export interface Resource<T> {
  value: T | undefined;
  failure: ApiError | undefined;
  /** Requests it again. */
  reload(): void;
}

/** When a resource is requested again. */
export interface RefreshOptions {
  /** Events after which it is requested again; none when absent. */
  refreshOn?: (event: EventView) => boolean;
  /** Requests it again after so many seconds. */
  everySeconds?: number;
}

/** Between two requests for the same resource, however many events arrive. */
const LEAST_PAUSE_MS = 500;

/** Requests a path of the operator API, and again after events or when the connection is back. `path` undefined requests nothing. */
export function useResource<T>(path: string | undefined, query?: RequestOptions['query'], refresh: RefreshOptions = {}): Resource<T> {
  const key = path === undefined ? undefined : JSON.stringify([path, query]);
  const [state, setState] = useState<{ key?: string | undefined; value?: T; failure?: ApiError }>({});
  const [attempt, setAttempt] = useState(0);
  const missing = state.key === key && state.failure?.status === 404;
  const refreshOn = useRef(refresh.refreshOn);
  refreshOn.current = refresh.refreshOn;
  const reload = useCallback(() => setAttempt((n) => n + 1), []);

  useEffect(() => {
    if (key === undefined || path === undefined) return;
    const leaving = new AbortController();
    void callApi<T>(path, { signal: leaving.signal, background: attempt > 0, ...(query && { query }) }).then((answer: ApiAnswer<T>) => {
      if (leaving.signal.aborted) return;
      setState((before) => (answer.ok ? { key, value: answer.value } : { ...(before.key === key ? before : {}), key, failure: answer }));
    });
    return () => leaving.abort();
  }, [key, attempt]);

  useEffect(() => {
    // After a 404 it is not requested again.
    if (key === undefined || missing) return;
    const throttledReload = throttled(reload);
    const stopEvents = onEvent((event) => {
      if (event.kind === 'gap' || refreshOn.current?.(event)) throttledReload.call();
    });
    const stopStatus = onConnectionStatus((status) => status === 'live' && throttledReload.call());
    const timer = refresh.everySeconds === undefined ? undefined : setInterval(throttledReload.call, refresh.everySeconds * 1000);
    return () => {
      stopEvents();
      stopStatus();
      throttledReload.stop();
      clearInterval(timer);
    };
  }, [key, refresh.everySeconds, missing]);

  const current = state.key === key;
  return { value: current ? state.value : undefined, failure: current ? state.failure : undefined, reload };
}

/** Calls `action` at once, then at most once in `LEAST_PAUSE_MS`. */
function throttled(action: () => void): { call(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  return {
    call: () => {
      if (timer !== undefined) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          last = performance.now();
          action();
        },
        Math.max(0, last + LEAST_PAUSE_MS - performance.now()),
      );
    },
    stop: () => clearTimeout(timer),
  };
}
