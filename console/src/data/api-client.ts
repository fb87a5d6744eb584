/** Why a question got no answer; `status` 0: the node could not be reached. */
export interface ApiError {
  ok: false;
  status: number;
  code: string;
  message: string;
  field?: string;
  allowed?: string;
}
export type ApiAnswer<T> = { ok: true; status: number; value: T } | ApiError;

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  signal?: AbortSignal;
  /** Asked by the page itself, not by its reader: it does not keep the login alive. */
  background?: boolean;
}

const API = '/api/v1';
const signedOutListeners = new Set<() => void>();
const reachabilityListeners = new Set<(reached: boolean) => void>();

/** Calls back when the node says that nobody is signed in; calling the answer ends it. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => void signedOutListeners.delete(listener);
}
/** Calls back after each question with whether the node could be reached; calling the answer ends it. */
export function onReachability(listener: (reached: boolean) => void): () => void {
  reachabilityListeners.add(listener);
  return () => void reachabilityListeners.delete(listener);
}

/** Asks the node's door: `ask('sessions/{id}')` is below /api/v1, one that begins with a slash is from the root. */
export async function callApi<T>(path: string, question: RequestOptions = {}): Promise<ApiAnswer<T>> {
  const { method = 'GET', body, signal, background = false } = question;
  try {
    const response = await fetch(urlOf(path, question.query), {
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
    for (const tell of reachabilityListeners) tell(true);
    const answer = await readAnswer<T>(response);
    if (answer.status === 401 && path !== 'login') for (const tell of signedOutListeners) tell();
    return answer;
  } catch (error) {
    if (signal?.aborted) return { ok: false, status: 0, code: 'LEFT', message: 'no longer asked' };
    for (const tell of reachabilityListeners) tell(false);
    return { ok: false, status: 0, code: 'UNREACHABLE', message: `the node does not answer (${error instanceof Error ? error.message : 'no connection'})` };
  }
}

function urlOf(path: string, query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return `${path.startsWith('/') ? path : `${API}/${path}`}${search}`;
}

async function readAnswer<T>(response: Response): Promise<ApiAnswer<T>> {
  const { status } = response;
  const text = await response.text();
  // What the node answers is shaped by its own words; only refusals may come from something between.
  if (response.ok) return { ok: true, status, value: JSON.parse(text === '' ? 'null' : text) };
  const error = Object(Object(parseJson(text)).error);
  return {
    ok: false,
    status,
    code: typeof error.code === 'string' ? error.code : `HTTP_${status}`,
    message: typeof error.message === 'string' ? error.message : `the node answers with HTTP ${status}`,
    ...(typeof error.field === 'string' && { field: error.field }),
    ...(typeof error.allowed === 'string' && { allowed: error.allowed }),
  };
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One step of a path, whatever stands in it. */
export const segment = encodeURIComponent;
