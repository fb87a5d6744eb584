/** Why a question got no answer; `status` 0: the node could not be reached. */
export interface Refused {
  ok: false;
  status: number;
  code: string;
  message: string;
  field?: string;
  allowed?: string;
}
export type Answer<T> = { ok: true; status: number; value: T } | Refused;

export interface Question {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  signal?: AbortSignal;
  /** Asked by the page itself, not by its reader: it does not keep the login alive. */
  background?: boolean;
}

const API = '/api/v1';
const signedOut = new Set<() => void>();
const met = new Set<(reached: boolean) => void>();

/** Calls back when the node says that nobody is signed in; calling the answer ends it. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => void signedOut.delete(listener);
}
/** Calls back after each question with whether the node could be reached; calling the answer ends it. */
export function onMet(listener: (reached: boolean) => void): () => void {
  met.add(listener);
  return () => void met.delete(listener);
}

/** Asks the node's door: `ask('sessions/{id}')` is below /api/v1, one that begins with a slash is from the root. */
export async function ask<T>(path: string, question: Question = {}): Promise<Answer<T>> {
  const { method = 'GET', body, signal, background = false } = question;
  try {
    const response = await fetch(address(path, question.query), {
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
    for (const tell of met) tell(true);
    const answer = await read<T>(response);
    if (answer.status === 401 && path !== 'login') for (const tell of signedOut) tell();
    return answer;
  } catch (error) {
    if (signal?.aborted) return { ok: false, status: 0, code: 'LEFT', message: 'no longer asked' };
    for (const tell of met) tell(false);
    return { ok: false, status: 0, code: 'UNREACHABLE', message: `the node does not answer (${error instanceof Error ? error.message : 'no connection'})` };
  }
}

function address(path: string, query: Question['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return `${path.startsWith('/') ? path : `${API}/${path}`}${search}`;
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const { status } = response;
  const text = await response.text();
  // What the node answers is shaped by its own words; only refusals may come from something between.
  if (response.ok) return { ok: true, status, value: JSON.parse(text === '' ? 'null' : text) };
  const error = Object(Object(parse(text)).error);
  return {
    ok: false,
    status,
    code: typeof error.code === 'string' ? error.code : `HTTP_${status}`,
    message: typeof error.message === 'string' ? error.message : `the node answers with HTTP ${status}`,
    ...(typeof error.field === 'string' && { field: error.field }),
    ...(typeof error.allowed === 'string' && { allowed: error.allowed }),
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One step of a path, whatever stands in it. */
export const step = encodeURIComponent;
