import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import { requestHandler } from './answer-request.ts';
import type { Authenticate, Binding } from './binding.ts';
import type { Edition } from './editions.ts';
import type { Endpoint } from './endpoint.ts';
import { notFound, printEnvelope, type Reply } from './envelope.ts';
import { idsOf, printIds } from './headers.ts';
import { answerExpectations, replyToError } from './http-server.ts';
import { openApi } from './openapi.ts';
import { findCaller, hasBody, type RequestHead } from './request-head.ts';
import { allMethods, type ServedPath, servedPaths } from './routes.ts';
import { versionBindings } from './versions/answer-versions.ts';

/** Most bytes that a request's body may have (SEC-17). */
const largestBody = 256 * 1024;

/** One thing that happened while serving; never holds a token or a body. */
export type ServeEvent =
  | { event: 'answered'; method: string; path: string; status: number; code: number; requestId: string; correlationId: string; mended: boolean }
  | { event: 'turned-away'; method: string; address: string; requestId: string }
  | { event: 'failed'; requestId: string; error: unknown };

export interface ServeOptions<P> {
  app: FastifyInstance;
  /** Scheme, host and path before `/ocpi`, without a slash at its end; asked anew each time, since a port may be known late. */
  publicUrl: () => string;
  editions: readonly Edition[];
  bindings: readonly Binding<P>[];
  authenticate: Authenticate<P>;
  clock: Clock;
  log: (event: ServeEvent) => void;
}

/** What the routes of one server share. */
interface Desk<P> {
  serving: ServeOptions<P>;
  /** By route, as the router knows it. */
  places: ReadonlyMap<string, ServedPath<P>>;
  entries: WeakMap<FastifyRequest, RequestHead<P>>;
}

const prefix = '/ocpi';
const routeOf = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** Makes routes of bound endpoints, with all that OCPI asks of every answer; versions are answered from the bindings themselves. */
export function serveOcpi<P>(serving: ServeOptions<P>): void {
  const bindings = [...serving.bindings, ...versionBindings(serving)];
  const places = new Map(serving.editions.flatMap((edition) => servedPaths(edition, bindings)).map((place) => [routeOf(place.path), place]));
  answerExpectations(serving.app.server, serving.clock);
  const desk: Desk<P> = { serving, places, entries: new WeakMap() };
  refuseElsewhere(serving.app, desk);
  serving.app.register(async (scope) => openDesk(scope, desk), { prefix });
  for (const edition of serving.editions)
    addOpenApi(
      serving,
      edition,
      bindings.map((it) => it.endpoint),
    );
}

/** What is asked beside all routes gets an envelope too: a peer may have mistaken where `/ocpi` begins (TRN-38). */
function refuseElsewhere<P>(app: FastifyInstance, desk: Desk<P>): void {
  const named = (request: FastifyRequest, reply: FastifyReply) => reply.headers(printIds(idsOf(request.headers)));
  app.setErrorHandler((error, request, reply) => mishap(desk, error, { request, reply: named(request, reply) }));
  app.setNotFoundHandler((request, reply) => send(desk, named(request, reply), notFound('No such address')));
}

/** Readable by anyone: it says nothing that the specification does not. */
function addOpenApi<P>({ app, publicUrl }: ServeOptions<P>, edition: Edition, endpoints: readonly Endpoint[]): void {
  app.get(`${prefix}/${edition}/openapi.json`, async (_request, reply) =>
    reply.header('Content-Type', 'application/json').send(JSON.stringify(openApi(edition, endpoints, publicUrl()))),
  );
}

function openDesk<P>(scope: FastifyInstance, desk: Desk<P>): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', async (request, reply) => letIn(desk, request, reply));
  scope.setErrorHandler((error, request, reply) => mishap(desk, error, { request, reply }));
  scope.setNotFoundHandler((_request, reply) => send(desk, reply, notFound('No such address')));
  for (const [route, place] of desk.places) addPlace(scope, { route, place, desk });
}

/** Finds out who is at the door before a byte of the body is read (TRN-07). */
async function letIn<P>({ serving, places, entries }: Desk<P>, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const ids = idsOf(request.headers);
  reply.headers(printIds(ids));
  // TRN-14: a Content-Type without a body says nothing, whatever it says
  if (!hasBody(request)) delete request.headers['content-type'];
  if (request.headers.host === undefined)
    return send({ serving }, closing(request, reply), { status: 400, code: 2000, message: 'Bad request: no Host header' });
  const place = places.get(withoutSlash(request.routeOptions.url ?? ''));
  const caller = await findCaller(request, place?.acceptsTokenA ?? false, serving.authenticate);
  if (caller !== undefined) {
    entries.set(request, { ...ids, caller });
    return undefined;
  }
  serving.log({ event: 'turned-away', method: request.method, address: request.ip, requestId: ids.requestId });
  return send({ serving }, closing(request, reply).header('WWW-Authenticate', 'Token'), {
    status: 401,
    code: 2000,
    message: 'Authorization: allowed is "Token" and a token known here, in Base64',
  });
}

const withoutSlash = (route: string) => (route.endsWith('/') ? route.slice(0, -1) : route);
/** A body that nobody will read is not waited for. */
const closing = (request: FastifyRequest, reply: FastifyReply) => (hasBody(request) ? reply.header('Connection', 'close') : reply);

function addPlace<P>(scope: FastifyInstance, { route, place, desk }: { route: string; place: ServedPath<P>; desk: Desk<P> }): void {
  const answer = requestHandler(place, desk.serving.publicUrl);
  const { log } = desk.serving;
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const entry = desk.entries.get(request);
    if (entry === undefined) return send(desk, reply, notFound('No such address'));
    const { method, url, headers, body } = request;
    const answered = await answer({ method, url, headers, entry, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined });
    const { requestId, correlationId } = entry;
    if (answered.error !== undefined) log({ event: 'failed', requestId, error: answered.error });
    log({
      event: 'answered',
      method,
      path: place.path,
      status: answered.reply.status,
      code: answered.reply.code,
      requestId,
      correlationId,
      mended: answered.corrected,
    });
    return send(desk, reply, answered.reply);
  };
  const local = route.slice(prefix.length);
  // with and without a slash at its end; the specification's own examples have both
  for (const url of [local, `${local}/`]) scope.route({ method: [...allMethods], url, handler, bodyLimit: largestBody, exposeHeadRoute: false });
}

function mishap<P>(desk: Desk<P>, error: unknown, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  const answer = replyToError(error);
  if (answer.code === 3000) desk.serving.log({ event: 'failed', requestId: String(reply.getHeader('x-request-id')), error });
  return send(desk, closing(request, reply), answer);
}

function send<P>({ serving }: Pick<Desk<P>, 'serving'>, reply: FastifyReply, answer: Reply<unknown>): FastifyReply {
  reply.code(answer.status).header('Content-Type', 'application/json');
  if (answer.headers !== undefined) reply.headers(answer.headers);
  return reply.send(printEnvelope(answer, serving.clock.now()));
}
