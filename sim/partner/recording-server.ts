import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/domain/clock.ts';
import type { EpochMillis } from '../../src/domain/units.ts';
import { type Fault, type Faults, faultsInTurn, type ModuleName, misbehave } from './faults.ts';
import { parse } from './wire.ts';

/** One request as it came, before anything was made of it. */
export interface RecordedRequest {
  at: EpochMillis;
  /** `undefined`: it went nowhere that this partner knows. */
  module: ModuleName | undefined;
  method: string;
  /** The whole URL, byte for byte. */
  url: string;
  headers: IncomingMessage['headers'];
  /** The raw body. */
  body: string;
}

/** What a partner makes of a request. */
export interface PartnerReply {
  http: number;
  code: number;
  /** Absent: the envelope has no `data`. */
  data?: unknown;
  headers?: Record<string, string>;
}

/** A request with its place found: the segments after the face's path, and the query. */
export interface Visit {
  request: RecordedRequest;
  segments: readonly string[];
  query: URLSearchParams;
  /** The body as JSON. */
  body: unknown;
  /** The token as it was presented, decoded when it was in Base64. */
  tokens: readonly string[];
}

export interface PlatformOptions {
  clock: Clock;
  paths: Record<ModuleName, string>;
  faults?: Faults;
  port?: number;
  /** Decides each request; the platform has found its face. */
  receive: (face: ModuleName, visit: Visit) => PartnerReply | Promise<PartnerReply>;
}

/** An HTTP server that records all it hears and can be told to misbehave; it knows of OCPI the envelope only. */
export class Platform implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #options: PlatformOptions;
  #fault: (face: ModuleName) => Fault | undefined;
  #waiters: { match: (request: RecordedRequest) => boolean; hear: (request: RecordedRequest) => void }[] = [];
  /** Scheme, host and port, once it listens. */
  origin = '';
  /** URLs outside all paths that are this partner's all the same, such as a response_url of the test's own. */
  readonly strays = new Map<string, ModuleName>();

  constructor(options: PlatformOptions) {
    this.#options = options;
    this.#fault = faultsInTurn(options.faults ?? {});
    this.#server = createServer((request, response) => void this.#hear(request, response));
  }

  /** Listens on loopback. */
  async open(): Promise<void> {
    await new Promise<void>((done, fail) => this.#server.once('error', fail).listen(this.#options.port ?? 0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${portOf(this.#server.address())}`;
  }

  url(face: ModuleName): string {
    return `${this.origin}${this.#options.paths[face]}`;
  }

  behave(faults: Faults): void {
    this.#fault = faultsInTurn(faults);
  }

  /** Resolves with the first request that matches; those that came already count. */
  heard(match: (request: RecordedRequest) => boolean): Promise<RecordedRequest> {
    const found = this.requests.find(match);
    return found ? Promise.resolve(found) : new Promise((hear) => this.#waiters.push({ match, hear }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #hear(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = `${this.origin}${message.url}`;
    const found = this.#place(url);
    const request = {
      at: this.#options.clock.now(),
      face: found?.face,
      method: message.method ?? '',
      url,
      headers: message.headers,
      body: await readBody(message),
    };
    this.requests.push(request);
    const reply = found
      ? await this.#options.receive(found.face, { ...found, request, body: parse(request.body), tokens: tokensOf(message.headers.authorization) })
      : { http: 404, code: 2001 };
    const good = JSON.stringify({
      ...('data' in reply && { data: reply.data }),
      status_code: reply.code,
      timestamp: new Date(this.#options.clock.now()).toISOString(),
    });
    const fault = found && this.#fault(found.face);
    if (fault) misbehave(fault, response, { good, clock: this.#options.clock });
    else response.writeHead(reply.http, { 'content-type': 'application/json', ...echo(message.headers), ...('headers' in reply && reply.headers) }).end(good);
    this.#announce(request);
  }

  #announce(request: RecordedRequest): void {
    for (const { hear } of this.#waiters.filter(({ match }) => match(request))) hear(request);
    this.#waiters = this.#waiters.filter(({ match }) => !match(request));
  }

  #place(url: string): { face: ModuleName; segments: string[]; query: URLSearchParams } | undefined {
    const stray = this.strays.get(url);
    const { pathname, searchParams: query } = new URL(url);
    if (stray) return { face: stray, segments: [], query };
    const faces = Object.entries(this.#options.paths).filter(([, path]) => isUnder(path, pathname, query));
    const [face] = faces.sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
    if (!isFace(face)) return undefined;
    const rest = pathname.slice(pathOf(this.#options.paths[face]).length);
    const segments = decoded(rest.split('/').filter(Boolean));
    return !segments || (segments.length > 0 && SINGLE.has(face)) ? undefined : { face, segments, query };
  }
}

/** Absent: the percent-encoding is broken, so that it names nothing here. */
function decoded(segments: readonly string[]): string[] | undefined {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

const pathOf = (path: string) => new URL(path, 'http://any').pathname;
const FACES: readonly string[] = [
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
/** Faces that have nothing below them. */
const SINGLE: ReadonlySet<ModuleName> = new Set(['versions', 'details', 'credentials']);
const isFace = (name: string | undefined): name is ModuleName => name !== undefined && FACES.includes(name);

/** Under the path, and with the query that the endpoint was published with. */
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

/** Both readings of the header: decoded, and as it is. */
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

/** A response repeats the ids of its request (OCPI 2.2.1 §4.1.1.6). */
function echo(headers: IncomingMessage['headers']): Record<string, string> {
  const ids = ['x-request-id', 'x-correlation-id'] as const;
  return Object.fromEntries(ids.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));
}
