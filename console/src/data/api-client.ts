import { text } from '../text/text.ts';
import type { ExchangeView } from './api-types.ts';

/** Why a request failed. `status` 0: no connection to the node, or the page stopped waiting (`LEFT`). */
export interface ApiError {
  ok: false;
  status: number;
  code: string;
  message: string;
  field?: string;
  allowed?: string;
  /** The request about a profile that was refused after it had begun. */
  exchange?: ExchangeView;
}
/** The answer of the operator API: a value, or why there is none. */
export type ApiAnswer<T> = { ok: true; status: number; value: T } | ApiError;

/** How a request is sent; GET without a body when absent. */
export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  signal?: AbortSignal;
  /** Sent by a timer, not by the user: it does not keep the login alive. */
  background?: boolean;
}

const API = '/api/v1';
const signedOutListeners = new Set<() => void>();
const reachabilityListeners = new Set<(reached: boolean) => void>();

/** Calls `listener` when the node answers 401; call the returned function to stop. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => void signedOutListeners.delete(listener);
}
/** Calls `listener` after each request: true when the node answered. Call the returned function to stop. */
export function onReachability(listener: (reached: boolean) => void): () => void {
  reachabilityListeners.add(listener);
  return () => void reachabilityListeners.delete(listener);
}

/** Sends one request to the operator API. `path` is below /api/v1, or from the root when it begins with a slash. */
export async function callApi<T>(path: string, options: RequestOptions = {}): Promise<ApiAnswer<T>> {
  const { method = 'GET', body, signal, background = false } = options;
  try {
    const response = await fetch(urlOf(path, options.query), {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        'x-evenkeel': '1',
        ...(background && { 'x-evenkeel-background': '1' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    for (const notify of reachabilityListeners) notify(true);
    const answer = await readAnswer<T>(response);
    if (answer.status === 401 && path !== 'login') for (const notify of signedOutListeners) notify();
    return answer;
  } catch (error) {
    if (signal?.aborted) return { ok: false, status: 0, code: 'LEFT', message: text().errors.left };
    for (const notify of reachabilityListeners) notify(false);
    return { ok: false, status: 0, code: 'UNREACHABLE', message: error instanceof Error ? error.message : String(error) };
  }
}

/** A space is %20 in the query: the node reads + as itself. */
function urlOf(path: string, query: RequestOptions['query'] = {}): string {
  const entries = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  const search = entries.length > 0 ? `?${entries.map((it) => it.map((part) => encodeURIComponent(part ?? '')).join('=')).join('&')}` : '';
  return `${path.startsWith('/') ? path : `${API}/${path}`}${search}`;
}

async function readAnswer<T>(response: Response): Promise<ApiAnswer<T>> {
  const { status } = response;
  const body = await response.text();
  // A success comes from the node and has its types. An error may come from a proxy and have any shape.
  if (response.ok) return { ok: true, status, value: JSON.parse(body === '' ? 'null' : body) };
  const error = Object(Object(parseJson(body)).error);
  return {
    ok: false,
    status,
    code: typeof error.code === 'string' ? error.code : `HTTP_${status}`,
    message: typeof error.message === 'string' ? error.message : text().errors.httpStatus(status),
    ...(typeof error.field === 'string' && { field: error.field }),
    ...(typeof error.allowed === 'string' && { allowed: error.allowed }),
    ...(typeof error.exchange === 'object' && error.exchange !== null && { exchange: error.exchange }),
  };
}

function parseJson(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Encodes a value as one segment of a path. */
export const segment = encodeURIComponent;
