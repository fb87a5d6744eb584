import type { Static } from 'typebox';
import { request } from 'undici';
import type { ExchangeView } from '../node/api/exchanges/schemas.ts';
import type { Refusal } from '../node/api/refusal.ts';
import { API, type Params, type Route } from '../node/api/route.ts';
import { CliError } from './output.ts';

/** Address and API key of a node, and whether the user gave them or a running demo did. */
export interface ApiAccess {
  url: string;
  key: string;
  source: 'user' | 'demo';
}

/** The variable parts of a request, with the types of its route. */
export interface RequestParts<R extends Route> {
  params?: Params<R>;
  query?: Static<R['query']>;
  body?: Static<R['body']>;
}

/** A refusal of the node; `exchange`: the request that a CPO or charge point refused after it had begun. */
export class RefusedRequest extends CliError {
  readonly exchange: ExchangeView | undefined;

  constructor(problem: string, exchange: ExchangeView | undefined) {
    super(problem);
    this.exchange = exchange;
  }
}

/** Client for the operator API of a node (/api/v1). */
export interface ApiClient {
  /** Sends a request and returns the answer. A refusal, or a node that does not answer, is a CliError. */
  send<R extends Route>(route: R, parts: RequestParts<R>): Promise<Static<R['answer']>>;
  /** Opens a stream. Returns (does not throw) a CliError when the node cannot be reached, so that the caller can try again. */
  openStream(route: Route, parts: { query?: object; headers?: Record<string, string> }): Promise<AsyncIterable<Uint8Array> | CliError>;
}

/** Opens a client; nothing is sent yet. */
export function openClient(access: ApiAccess): ApiClient {
  const headers = { authorization: `Bearer ${access.key}`, 'user-agent': 'evenkeel' };

  return {
    send: async (route, parts) => {
      const body = parts.body === undefined ? {} : { body: JSON.stringify(parts.body) };
      const answer = await request(urlOf(access.url, route, parts), {
        method: route.method,
        headers: { ...headers, ...(parts.body !== undefined && { 'content-type': 'application/json' }) },
        ...body,
      }).catch((error) => {
        throw noAnswer(access, error);
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300)
        throw new RefusedRequest(describeRefusal(access, { route, status: answer.statusCode }, text), parseJson(text)?.error?.exchange);
      return parseJson(text) ?? throwNotANode(access, answer.statusCode);
    },
    openStream: async (route, parts) => {
      const answer = await request(urlOf(access.url, route, parts), {
        method: route.method,
        headers: { ...headers, ...parts.headers },
        headersTimeout: 10_000,
        bodyTimeout: 60_000,
      }).catch((error) => noAnswer(access, error));
      if (answer instanceof CliError) return answer;
      if (answer.statusCode >= 300) throw new CliError(describeRefusal(access, { route, status: answer.statusCode }, await answer.body.text()));
      return answer.body;
    },
  };
}

function urlOf(base: string, { path }: Route, parts: { params?: Readonly<Record<string, string>> | undefined; query?: unknown }): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts.params?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(Object(parts.query))) if (value !== undefined) query.set(name, String(value));
  return `${base.replace(/\/$/, '')}${API}/${filled}${query.size > 0 ? `?${String(query).replaceAll('+', '%20')}` : ''}`; // the node reads + as itself
}

/** Undefined when the text is not JSON. */
function parseJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noAnswer(access: ApiAccess, error: unknown): CliError {
  const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (/CERT|SELF_SIGNED|ISSUER|SIGNATURE|ALTNAME/.test(why))
    return new CliError(
      `the certificate of the node at ${access.url} is not trusted (${why}): set NODE_EXTRA_CA_CERTS to the certificate file of its authority, or use the host name in its certificate`,
    );
  if (/SSL|TLS|EPROTO/.test(why)) return new CliError(`${access.url} does not answer with TLS (${why}): use http:// if the node listens without TLS`);
  const advice =
    access.source === 'demo'
      ? 'the demo that wrote this address has ended; start it again with evenkeel demo'
      : 'start the node with evenkeel serve, or give the address of another node with --url';
  return new CliError(`no node answers at ${access.url} (${why}): ${advice}`);
}

function throwNotANode(access: ApiAccess, status: number): never {
  throw new CliError(`the server at ${access.url} is not an evenkeel node (HTTP ${status}): give the address of a node with --url`);
}

function describeRefusal(access: ApiAccess, { route, status }: { route: Route; status: number }, text: string): string {
  const error: Partial<Refusal> | undefined = parseJson(text)?.error;
  if (typeof error?.message !== 'string') return throwNotANode(access, status);
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return `the node at ${access.url} does not know this key: make one with evenkeel keys add --config FILE --name NAME --scope operate`;
    case 'NOT_FOUND':
      return `${error.message}; ${listingOf(route)}`;
    case 'MODE_NEEDED':
      return `${error.message}: give --mode replace or --mode lower-only`;
    case 'INVALID':
    case 'FORBIDDEN':
    case 'AMBIGUOUS':
      return error.message;
    default:
      return `${error.code ?? status}: ${error.message}`;
  }
}

/** The command that lists what a request names. */
function listingOf({ path }: Route): string {
  if (path.startsWith('sites')) return 'evenkeel sites list lists all nodes';
  return path.startsWith('exchanges') ? 'evenkeel exchanges lists the newest requests' : 'evenkeel sessions --all lists all sessions';
}
