import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import type { EpochMillis } from '../domain/units.ts';
import { requestHandler } from './answer-request.ts';
import type { Authenticate, Binding } from './binding.ts';
import type { Edition } from './editions.ts';
import type { Endpoint } from './endpoint.ts';
import { printEnvelope, type Reply, unknownPath } from './envelope.ts';
import { type MessageIds, type PartyName, printIds, readIds } from './headers.ts';
import { answerExpectations, replyToError } from './http-server.ts';
import { openApi } from './openapi.ts';
import type { Deviation } from './patience/kinds.ts';
import { findCaller, hasBody, type RequestHead } from './request-head.ts';
import { allMethods, type ServedPath, servedPaths } from './routes.ts';
import { versionBindings } from './versions/answer-versions.ts';

/** Bytes of a request's body at most (SEC-17). */
const maxBodyBytes = 256 * 1024;

/** An event for the log; it never contains a token or a body. */
export type ServeEvent =
  | { event: 'answered'; method: string; path: string; status: number; code: number; requestId: string; correlationId: string; corrected: boolean }
  | { event: 'unauthorized'; method: string; address: string; requestId: string }
  | { event: 'failed'; requestId: string; error: unknown };

/** What a server of OCPI needs. */
export interface ServeOptions<P> {
  app: FastifyInstance;
  /** Scheme, host and path before `/ocpi`, without a slash at the end. A function, because the port may be known only later. */
  publicUrl: () => string;
  editions: readonly Edition[];
  bindings: readonly Binding<P>[];
  authenticate: Authenticate<P>;
  clock: Clock;
  log: (event: ServeEvent) => void;
  /** The parties that are hosted here; with them no answer is sent in the name of another party. */
  parties?: readonly PartyName[];
  /** Absent: nobody is strict, and nothing is counted. */
  patience?: PatienceOfPeers<P>;
  /** Is called before a message of an authenticated peer is read. It must be quick and must not throw. */
  onReceived?: (message: ReceivedMessage) => void;
  /** Receives each message of an authenticated peer with its answer. It must be quick and must not throw. */
  onAnswered?: (message: AnsweredMessage<P>) => void;
}

/** The ids of a message of a peer, and its header `traceparent`, which may be anything. */
export interface ReceivedMessage extends MessageIds {
  traceparent: string | undefined;
}

/** A message of a peer and its answer, as they passed. */
export interface AnsweredMessage<P> extends MessageIds {
  peer: P;
  /** Undefined when the method is not offered. */
  module: string | undefined;
  method: string;
  /** The path with `{names}`. */
  path: string;
  /** Path and query as received. */
  url: string;
  /** The body as received; empty when there was none. */
  body(): string;
  at: EpochMillis;
  answeredAt: EpochMillis;
  status: number;
  answer: string;
}

/** Which peers are answered strictly, and where deviations that were read with patience are counted. */
export interface PatienceOfPeers<P> {
  isStrict(peer: P): boolean;
  /** `message`: the name of the endpoint. */
  note(peer: P, message: string, deviations: readonly Deviation[]): void;
}

/** The state that all routes of one server use. */
interface ServerState<P> {
  options: ServeOptions<P>;
  /** The served paths by their route patterns. */
  paths: ReadonlyMap<string, ServedPath<P>>;
  heads: WeakMap<FastifyRequest, RequestHead<P>>;
}

const prefix = '/ocpi';
const routeOf = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** Adds a route for each binding in each edition; the versions module is answered from the bindings themselves. */
export function serveOcpi<P>(options: ServeOptions<P>): void {
  const bindings = [...options.bindings, ...versionBindings(options)];
  const paths = new Map(options.editions.flatMap((edition) => servedPaths(edition, bindings)).map((served) => [routeOf(served.path), served]));
  answerExpectations(options.app.server, options.clock);
  const state: ServerState<P> = { options, paths, heads: new WeakMap() };
  answerOtherPaths(options.app, state);
  options.app.register(async (scope) => addRoutes(scope, state), { prefix });
  for (const edition of options.editions)
    addOpenApi(
      options,
      edition,
      bindings.map((it) => it.endpoint),
    );
}

/** Requests outside `/ocpi` are answered in an envelope too: a peer may have the wrong base URL (TRN-38). */
function answerOtherPaths<P>(app: FastifyInstance, state: ServerState<P>): void {
  const withIds = (request: FastifyRequest, reply: FastifyReply) => reply.headers(printIds(readIds(request.headers)));
  app.setErrorHandler((error, request, reply) => answerError(state, error, { request, reply: withIds(request, reply) }));
  app.setNotFoundHandler((request, reply) => send(state, withIds(request, reply), unknownPath()));
}

/** Needs no authentication: the document reveals nothing beyond the specification. */
function addOpenApi<P>({ app, publicUrl }: ServeOptions<P>, edition: Edition, endpoints: readonly Endpoint[]): void {
  app.get(`${prefix}/${edition}/openapi.json`, async (_request, reply) =>
    reply.header('Content-Type', 'application/json').send(JSON.stringify(openApi(edition, endpoints, publicUrl()))),
  );
}

function addRoutes<P>(scope: FastifyInstance, state: ServerState<P>): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', async (request, reply) => authenticateRequest(state, request, reply));
  scope.setErrorHandler((error, request, reply) => answerError(state, error, { request, reply }));
  scope.setNotFoundHandler((_request, reply) => send(state, reply, unknownPath()));
  for (const [route, served] of state.paths) addRoute(scope, { route, served, state });
}

/** Authenticates the sender before any byte of the body is read (TRN-07). */
async function authenticateRequest<P>({ options, paths, heads }: ServerState<P>, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const ids = readIds(request.headers);
  reply.headers(printIds(ids));
  // TRN-14: without a body any Content-Type is accepted
  if (!hasBody(request)) delete request.headers['content-type'];
  if (request.headers.host === undefined)
    return send({ options }, closing(request, reply), { status: 400, code: 2000, message: 'Bad request: the Host header is missing' });
  const served = paths.get(withoutSlash(request.routeOptions.url ?? ''));
  const caller = await findCaller(request, served?.acceptsTokenA ?? false, options.authenticate);
  if (caller !== undefined) {
    heads.set(request, { ...ids, caller });
    return undefined;
  }
  options.log({ event: 'unauthorized', method: request.method, address: request.ip, requestId: ids.requestId });
  return send({ options }, closing(request, reply).header('WWW-Authenticate', 'Token'), {
    status: 401,
    code: 2000,
    message: 'Authorization: found no valid token, allowed: "Token", a space and your credentials token in Base64',
  });
}

const withoutSlash = (route: string) => (route.endsWith('/') ? route.slice(0, -1) : route);
/** Closes the connection when the request has a body that will not be read. */
const closing = (request: FastifyRequest, reply: FastifyReply) => (hasBody(request) ? reply.header('Connection', 'close') : reply);

function addRoute<P>(scope: FastifyInstance, { route, served, state }: { route: string; served: ServedPath<P>; state: ServerState<P> }): void {
  const { log, clock, patience, onReceived, onAnswered } = state.options;
  const answer = requestHandler(served, state.options);
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const head = state.heads.get(request);
    if (head === undefined) return send(state, reply, unknownPath());
    const { method, url, headers, body } = request;
    const { peer } = head.caller;
    const leniency = { strict: patience?.isStrict(peer) ?? false, now: clock.now() };
    const raw = { method, url, headers, head, leniency, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined };
    const { requestId, correlationId } = head;
    onReceived?.({ requestId, correlationId, traceparent: String(headers.traceparent ?? '') || undefined });
    const answered = await answer(raw);
    const { deviations, error } = answered;
    const { status, code } = answered.reply;
    const corrected = deviations.length > 0;
    const endpoint = served.methods.get(method)?.endpoint;
    if (corrected) patience?.note(peer, endpoint?.name ?? method, deviations);
    if (error !== undefined) log({ event: 'failed', requestId, error });
    log({ event: 'answered', method, path: served.path, status, code, requestId, correlationId, corrected });
    if (answered.reply.afterwards) reply.raw.once('close', answered.reply.afterwards);
    const answeredAt = clock.now();
    const text = printEnvelope(answered.reply, answeredAt);
    const message = {
      peer,
      requestId,
      correlationId,
      module: endpoint?.module,
      method,
      path: served.path,
      url,
      at: leniency.now,
      answeredAt,
      status,
      answer: text,
    };
    onAnswered?.({ ...message, body: () => raw.body?.toString() ?? '' });
    return write(reply, answered.reply, text);
  };
  const local = route.slice(prefix.length);
  // The specification's examples have paths with and without a slash at the end.
  for (const url of [local, `${local}/`]) scope.route({ method: [...allMethods], url, handler, bodyLimit: maxBodyBytes, exposeHeadRoute: false });
}

function answerError<P>(state: ServerState<P>, error: unknown, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  const answer = replyToError(error);
  if (answer.code === 3000) state.options.log({ event: 'failed', requestId: String(reply.getHeader('x-request-id')), error });
  return send(state, closing(request, reply), answer);
}

const send = <P>({ options }: Pick<ServerState<P>, 'options'>, reply: FastifyReply, answer: Reply<unknown>): FastifyReply =>
  write(reply, answer, printEnvelope(answer, options.clock.now()));

/** Sends an answer whose envelope is written. */
function write(reply: FastifyReply, answer: Reply<unknown>, envelope: string): FastifyReply {
  reply.code(answer.status).header('Content-Type', 'application/json');
  if (answer.headers !== undefined) reply.headers(answer.headers);
  return reply.send(envelope);
}
