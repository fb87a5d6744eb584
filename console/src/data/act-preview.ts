import { useEffect, useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from './api-client.ts';
import type { ActPreview } from './console-api-types.ts';

/** Between two previews while the user types. */
const PAUSE_MS = 300;

/** A request for a preview. */
export interface PreviewRequest {
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  body: object;
}

/** What an act would do; requested again a moment after the request changes. `request` undefined: nothing to preview. */
export function useActPreview(request: PreviewRequest | undefined): ApiAnswer<ActPreview> | undefined {
  const key = request && JSON.stringify(request);
  const [known, set] = useState<{ key: string; answer: ApiAnswer<ActPreview> } | undefined>(undefined);
  useEffect(() => {
    if (!request || key === undefined) return;
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      const { path, query, body } = request;
      const answer = await callApi<ActPreview>(path, { method: 'POST', body, background: true, signal: leaving.signal, ...(query && { query }) });
      if (!leaving.signal.aborted) set({ key, answer });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [key]);
  return known?.key === key ? known?.answer : undefined;
}
