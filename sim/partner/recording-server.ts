import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/domain/clock.ts';
import type { EpochMillis } from '../../src/domain/units.ts';
import { applyFault, type Fault, type Faults, faultInTurn, type ModuleName } from './faults.ts';
import { parse } from './wire.ts';
import { witnessed } from './witness.ts';

/** A received request, unchanged. */
export interface RecordedRequest {
  at: EpochMillis;
  /** Undefined: no module has this URL. */
  module: ModuleName | undefined;
  method: string;
  /** The whole URL, unchanged. */
  url: string;
  headers: IncomingMessage['headers'];
  /** The raw body. */
  body: string;
}

/** A partner's answer: the HTTP status, the OCPI status code, and the data of the envelope. */
export interface PartnerReply {
  http: number;
  code: number;
  /** Absent: the envelope has no `data`. */
  data?: unknown;
  /** The `status_message`; absent: none. */
  message?: string;
  headers?: Record<string, string>;
}

/** A request assigned to a module: the path segments after the module's path, and the query. */
export interface RoutedRequest {
  request: RecordedRequest;
  segments: readonly string[];
  query: URLSearchParams;
  /** The body as JSON; undefined when it is none. */
  body: unknown;
  /** Both readings of the token: decoded from Base64, and as sent. */
  tokens: readonly string[];
}

/** Options of a recording server. */
export interface RecordingServerOptions {
  clock: Clock;
  paths: Record<ModuleName, string>;
  faults?: Faults;
  port?: number;
  /** Answers each request that belongs to a module. */
  receive: (module: ModuleName, visit: RoutedRequest) => PartnerReply | Promise<PartnerReply>;
}

/** An HTTP server that records all requests and can answer with faults. Of OCPI it knows only the envelope. */
export class RecordingServer implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #options: RecordingServerOptions;
  #fault: (module: ModuleName) => Fault | undefined;
  #waiters: { match: (request: RecordedRequest) => boolean; resolve: (request: RecordedRequest) => void }[] = [];
  /** Scheme, host and port; empty until `open`. */
  origin = '';
  /** Further URLs outside the modules' paths, such as a response_url that a test has chosen. */
  readonly extraUrls = new Map<string, ModuleName>();

  constructor(options: RecordingServerOptions) {
    this.#options = options;
    this.#fault = faultInTurn(options.faults ?? {});
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  /** Starts to listen on loopback. */
  async open(): Promise<void> {
    await new Promise<void>((done, fail) => this.#server.once('error', fail).listen(this.#options.port ?? 0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${portOf(this.#server.address())}`;
  }

  url(module: ModuleName): string {
    return `${this.origin}${this.#options.paths[module]}`;
  }

  behave(faults: Faults): void {
    this.#fault = faultInTurn(faults);
  }

  /** Resolves with the first matching request, past or future. */
  waitForRequest(match: (request: RecordedRequest) => boolean): Promise<RecordedRequest> {
    const found = this.requests.find(match);
    return found ? Promise.resolve(found) : new Promise((resolve) => this.#waiters.push({ match, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = `${this.origin}${message.url}`;
    const found = this.#route(url);
    const request = {
      at: this.#options.clock.now(),
      module: found?.module,
      method: message.method ?? '',
      url,
      headers: message.headers,
      body: await readBody(message),
    };
    this.requests.push(request);
    witnessed({ method: request.method, url, of: 'request', text: request.body });
    const fault = found && this.#fault(found.module);
    if (fault?.is === 'away') {
      applyFault(fault, response, { good: '', clock: this.#options.clock });
      return this.#notify(request);
    }
    const reply = found
      ? await this.#options.receive(found.module, { ...found, request, body: parse(request.body), tokens: tokensOf(message.headers.authorization) })
      : { http: 404, code: 2001 };
    const good = JSON.stringify({
      ...('data' in reply && { data: reply.data }),
      status_code: reply.code,
      ...('message' in reply && reply.message !== undefined && { status_message: reply.message }),
      timestamp: new Date(this.#options.clock.now()).toISOString(),
    });
    if (fault) applyFault(fault, response, { good, clock: this.#options.clock });
    else response.writeHead(reply.http, { 'content-type': 'application/json', ...echo(message.headers), ...('headers' in reply && reply.headers) }).end(good);
    this.#notify(request);
  }

  #notify(request: RecordedRequest): void {
    for (const { resolve } of this.#waiters.filter(({ match }) => match(request))) resolve(request);
    this.#waiters = this.#waiters.filter(({ match }) => !match(request));
  }

  #route(url: string): { module: ModuleName; segments: string[]; query: URLSearchParams } | undefined {
    const extra = this.extraUrls.get(url);
    const { pathname, searchParams: query } = new URL(url);
    if (extra) return { module: extra, segments: [], query };
    const candidates = Object.entries(this.#options.paths).filter(([, path]) => isUnder(path, pathname, query));
    const [module] = candidates.sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
    if (!isModule(module)) return undefined;
    const rest = pathname.slice(pathOf(this.#options.paths[module]).length);
    const segments = decoded(rest.split('/').filter(Boolean));
    return !segments || (segments.length > 0 && WITHOUT_SUBPATH.has(module)) ? undefined : { module, segments, query };
  }
}

/** Undefined when the percent-encoding is invalid. */
function decoded(segments: readonly string[]): string[] | undefined {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

const pathOf = (path: string) => new URL(path, 'http://any').pathname;
const MODULES: readonly string[] = [
  'versions',
  'details',
  'credentials',
  'locations',
  'sessions',
  'chargingprofiles',
  'tokens',
  'callback',
  'hubclientinfo',
] satisfies ModuleName[];
/** Modules without paths below their own. */
const WITHOUT_SUBPATH: ReadonlySet<ModuleName> = new Set(['versions', 'details', 'credentials']);
const isModule = (name: string | undefined): name is ModuleName => name !== undefined && MODULES.includes(name);

/** Whether a URL is below a module's path and has the parameters of the module's own query. */
function isUnder(path: string, pathname: string, query: URLSearchParams): boolean {
  const own = new URL(path, 'http://any');
  const under = pathname === own.pathname || pathname.startsWith(`${own.pathname.replace(/\/$/, '')}/`);
  return under && [...own.searchParams].every(([key, value]) => query.getAll(key).includes(value));
}

const portOf = (address: string | AddressInfo | null) => (address !== null && typeof address === 'object' ? address.port : 0);

async function readBody(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

/** The token of the header, decoded from Base64 and as sent. */
function tokensOf(header: string | undefined): string[] {
  const [, credential] = /^Token (\S+)$/.exec(header ?? '') ?? [];
  return credential === undefined
    ? []
    : [
        Buffer.from(credential, 'base64')
          .toString('utf8')
          .replace(/\r?\n$/, ''),
        credential,
      ];
}

/** The request's ids, which the response repeats (OCPI 2.2.1 §4.1.1.6). */
function echo(headers: IncomingMessage['headers']): Record<string, string> {
  const ids = ['x-request-id', 'x-correlation-id'] as const;
  return Object.fromEntries(ids.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));
}
