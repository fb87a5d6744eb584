import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiAnswer, callApi, type RequestOptions, type ApiError } from './api-client.ts';
import { onConnectionStatus, onEvent } from './event-connection.ts';
import type { EventView } from './api-types.ts';

/** Something of the node's as the page last heard it. */
export interface Resource<T> {
  value: T | undefined;
  failure: ApiError | undefined;
  /** Asks again. */
  reload(): void;
}

export interface RefreshOptions {
  /** Events after which it is asked for again; none when absent. */
  refreshOn?: (event: EventView) => boolean;
  /** Asks again after so many seconds, whatever happens. */
  everySeconds?: number;
}

/** Between two questions for the same thing, however much happens. */
const LEAST_PAUSE_MS = 500;

/** Asks the node, and again when something happened to it, or when the connection is back; `undefined` asks nothing. */
export function useResource<T>(path: string | undefined, query?: RequestOptions['query'], fresh: RefreshOptions = {}): Resource<T> {
  const line = path === undefined ? undefined : JSON.stringify([path, query]);
  const [state, setState] = useState<{ line?: string | undefined; value?: T; failure?: ApiError }>({});
  const [turn, setTurn] = useState(0);
  const gone = state.line === line && state.failure?.status === 404;
  const wake = useRef(fresh.refreshOn);
  wake.current = fresh.refreshOn;
  const reload = useCallback(() => setTurn((n) => n + 1), []);

  useEffect(() => {
    if (line === undefined || path === undefined) return;
    const leaving = new AbortController();
    void callApi<T>(path, { signal: leaving.signal, background: turn > 0, ...(query && { query }) }).then((answer: ApiAnswer<T>) => {
      if (leaving.signal.aborted) return;
      setState((before) => (answer.ok ? { line, value: answer.value } : { ...(before.line === line ? before : {}), line, failure: answer }));
    });
    return () => leaving.abort();
  }, [line, turn]);

  useEffect(() => {
    // What the node does not have is not asked for again and again.
    if (line === undefined || gone) return;
    const bell = throttled(reload);
    const deafen = onEvent((event) => {
      if (event.kind === 'gap' || wake.current?.(event)) bell.ring();
    });
    const unlink = onConnectionStatus((status) => status === 'live' && bell.ring());
    const beat = fresh.everySeconds === undefined ? undefined : setInterval(bell.ring, fresh.everySeconds * 1000);
    return () => {
      deafen();
      unlink();
      bell.stop();
      clearInterval(beat);
    };
  }, [line, fresh.everySeconds, gone]);

  const current = state.line === line;
  return { value: current ? state.value : undefined, failure: current ? state.failure : undefined, reload };
}

/** Rings at once, then at most every `LEAST_PAUSE_MS`. */
function throttled(ring: () => void): { ring(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  return {
    ring: () => {
      if (timer !== undefined) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          last = performance.now();
          ring();
        },
        Math.max(0, last + LEAST_PAUSE_MS - performance.now()),
      );
    },
    stop: () => clearTimeout(timer),
  };
}
