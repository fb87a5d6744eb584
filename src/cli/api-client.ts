import type { Static } from 'typebox';
import { request } from 'undici';
import type { Refusal } from '../node/api/refusal.ts';
import { API, type Params, type Route } from '../node/api/route.ts';
import type { ApiAccess } from './find-api.ts';
import { CliError } from './output.ts';

/** What goes with a request; each part as its route says. */
export interface RequestParts<R extends Route> {
  params?: Params<R>;
  query?: Static<R['query']>;
  body?: Static<R['body']>;
}

/** Speaks to the door of a node for its operator. */
export interface ApiClient {
  /** The answer; a refusal, or a node that does not answer, ends the command with one line that helps. */
  send<R extends Route>(route: R, told: RequestParts<R>): Promise<Static<R['answer']>>;
  /** Opens a stream; a failure that may pass when the node cannot be reached just now. */
  openStream(route: Route, told: { query?: object; headers?: Record<string, string> }): Promise<AsyncIterable<Uint8Array> | CliError>;
}

export function openClient(door: ApiAccess): ApiClient {
  const headers = { authorization: `Bearer ${door.key}`, 'user-agent': 'evenkeel' };

  return {
    send: async (route, told) => {
      const body = told.body === undefined ? {} : { body: JSON.stringify(told.body) };
      const answer = await request(addressOf(door.url, route, told), {
        method: route.method,
        headers: { ...headers, ...(told.body !== undefined && { 'content-type': 'application/json' }) },
        ...body,
      }).catch((error) => {
        throw silence(door, error);
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new CliError(explain(door, answer.statusCode, text));
      return readJson(text) ?? fail(door, answer.statusCode);
    },
    openStream: async (route, told) => {
      const answer = await request(addressOf(door.url, route, told), {
        method: route.method,
        headers: { ...headers, ...told.headers },
        headersTimeout: 10_000,
        bodyTimeout: 60_000,
      }).catch((error) => silence(door, error));
      if (answer instanceof CliError) return answer;
      if (answer.statusCode >= 300) throw new CliError(explain(door, answer.statusCode, await answer.body.text()));
      return answer.body;
    },
  };
}

function addressOf(url: string, { path }: Route, told: { params?: Readonly<Record<string, string>> | undefined; query?: unknown }): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(told.params?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(Object(told.query))) if (value !== undefined) query.set(name, String(value));
  return `${url.replace(/\/$/, '')}${API}/${filled}${query.size > 0 ? `?${query}` : ''}`;
}

/** JSON of the node itself, in the shape that its route says; undefined when it is none. */
function readJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nobody answers: where, why, and what to do. */
function silence(door: ApiAccess, error: unknown): CliError {
  const why = error instanceof Error && 'code' in error ? error.code : error;
  const mend =
    door.source === 'demo'
      ? 'the demo that left its address is gone; start it with evenkeel demo'
      : 'start the node with evenkeel serve, or name another with --url';
  return new CliError(`no node answers at ${door.url} (${why}): ${mend}`);
}

function fail(door: ApiAccess, status: number): never {
  throw new CliError(`what answers at ${door.url} is no evenkeel node (HTTP ${status}): name the right one with --url`);
}

function explain(door: ApiAccess, status: number, text: string): string {
  const error: Partial<Refusal> | undefined = readJson(text)?.error;
  if (typeof error?.message !== 'string') return fail(door, status);
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return `the node at ${door.url} does not know this key: evenkeel keys add --config FILE --name NAME --scope operate makes one`;
    case 'NOT_FOUND':
      return `${error.message}; evenkeel sessions --all lists those there are`;
    case 'INVALID':
    case 'FORBIDDEN':
    case 'AMBIGUOUS':
      return error.message;
    default:
      return `${error.code ?? status}: ${error.message}`;
  }
}
