import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, ok, type Result } from '../../domain/result.ts';
import { hasBody } from '../../ocpi/request-head.ts';
import { allMethods } from '../../ocpi/routes.ts';
import type { Audit } from '../core/audit.ts';
import type { Context } from '../core/context.ts';
import { type Authentication, authenticate, type Caller, refuseCaller, refuseCrossSite } from './authenticate.ts';
import { csvRowsOf, sendCsv } from './csv.ts';
import type { EventLog } from './events/event-log.ts';
import { followEvents } from './events/routes.ts';
import { eventHandler } from './events/serve-events.ts';
import { readRequest } from './read-request.ts';
import { type Refusal, refuse } from './refusal.ts';
import { closeUnread, LARGEST_BODY, methodNotAllowed, refusalOf, sendJson, sendRefusal } from './reply.ts';
import { type AnsweredRoute, API, acts, type CheckedRequest, type Route } from './route.ts';

/** What serving the routes needs. */
export interface Serving extends Authentication {
  context: Context;
  audit: Audit;
  /** Every route but the stream of events. */
  answers: readonly AnsweredRoute[];
  log: EventLog;
  /** One entry for each open stream of events; aborting it ends the stream. */
  streams: Set<AbortController>;
}

/** Callers of requests, authenticated before a byte of the body is read. */
type Callers = WeakMap<FastifyRequest, Caller>;
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Serves the routes that need authentication. */
export function serveRoutes(scope: FastifyInstance, serving: Serving): void {
  const callers: Callers = new WeakMap();
  const authorize = (request: FastifyRequest, route: Route): Result<Caller, Refusal> => {
    const caller = callers.get(request);
    if (!caller) return refuse(401, 'UNAUTHENTICATED', 'Authorization: missing');
    const refusal = refuseCaller(caller, route, { config: serving.config, request });
    return refusal ? fail(refusal) : ok(caller);
  };
  readBodiesAsBytes(scope, serving.context);
  const { work } = serving.context;
  scope.addHook('onRequest', (request, reply) => work.run('authentication', () => admit(serving, callers, { request, reply })));
  scope.setNotFoundHandler((_request, reply) => sendRefusal(reply, refuse(404, 'NOT_FOUND', `no such path: ${API}/openapi.json lists all paths`).problem));
  const paths = Map.groupBy(serving.answers, (it) => it.route.path);
  for (const [path, here] of paths) addPath(scope, path, { methods: here.map((it) => it.route.method), handle: answerHandler(serving, here, authorize) });
  const stream = eventHandler({ ...serving, authorize: (request) => authorize(request, followEvents) });
  addPath(scope, followEvents.path, { methods: [followEvents.method], handle: stream });
}

/** Bodies stay bytes until their route is known, and every error gets the shape of a refusal. */
export function readBodiesAsBytes(scope: FastifyInstance, { reportError }: Pick<Context, 'reportError'>): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY }, (_request, body, done) => done(null, body));
  scope.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request.routeOptions.bodyLimit);
    if (refusal.status === 500) reportError(`${request.method} ${request.routeOptions.url ?? API}`, error);
    return sendRefusal(closeUnread(request, reply), refusal);
  });
}

/** Removes the Content-Type of a request without a body, so that it is not checked. */
export function ignoreTypeOfNoBody(request: FastifyRequest): void {
  if (!hasBody(request)) delete request.headers['content-type'];
}

function addPath(scope: FastifyInstance, path: string, { methods, handle }: { methods: readonly string[]; handle: Handler }): void {
  const handler: Handler = async (request, reply) =>
    methods.includes(request.method)
      ? handle(request, reply)
      : sendRefusal(reply.header('Allow', methods.join(', ')), methodNotAllowed(request.method, methods));
  const url = `/${path.replace(/\{(\w+)\}/g, ':$1')}`;
  scope.route({ method: [...allMethods], url, handler, bodyLimit: LARGEST_BODY, exposeHeadRoute: false });
}

/** Authenticates the caller before any other work. */
async function admit(serving: Serving, callers: Callers, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): Promise<unknown> {
  ignoreTypeOfNoBody(request);
  const caller = await authenticate(serving, request);
  if (!caller.ok) {
    serving.context.journal.note({ step: 'api-access-refused', address: request.ip, why: caller.problem });
    const refusal = refuse(
      401,
      'UNAUTHENTICATED',
      'Authorization: missing or unknown; send "Bearer" and a key made by evenkeel keys add, or sign in at /console',
    ).problem;
    return sendRefusal(closeUnread(request, reply).header('WWW-Authenticate', 'Bearer realm="evenkeel"'), refusal);
  }
  const crossSite = caller.value.via.is === 'cookie' && request.method !== 'GET' ? refuseCrossSite(serving.config, request) : undefined;
  if (crossSite) return sendRefusal(closeUnread(request, reply), crossSite);
  callers.set(request, caller.value);
  return undefined;
}

type Authorize = (request: FastifyRequest, route: Route) => Result<Caller, Refusal>;

function answerHandler(serving: Serving, here: readonly AnsweredRoute[], authorize: Authorize): Handler {
  return async (request, reply) => {
    const it = here.find(({ route }) => route.method === request.method);
    if (!it) return sendRefusal(reply, methodNotAllowed(request.method, []));
    const caller = authorize(request, it.route);
    if (!caller.ok) return sendRefusal(reply, caller.problem);
    const { url, headers, body } = request;
    const checked = readRequest(it.route, { url, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined });
    const answered = checked.ok ? await audited(serving.audit, it, { request: checked.value, caller: caller.value }) : checked;
    if (!answered.ok) return sendRefusal(reply, answered.problem);
    if (it.route.replies === 'csv') return sendCsv(reply, { rows: csvRowsOf(answered.value), name: it.route.path, streams: serving.streams });
    const open = it.route.replies === 'later' && Reflect.get(Object(answered.value), 'open') === true;
    return sendJson(reply.code(open ? 202 : 200), JSON.stringify(answered.value));
  };
}

/** Answers a request. One that acts is audited before it is answered, so that no act is missing; its refusal is audited after (SEC-39). */
async function audited(
  audit: Audit,
  it: AnsweredRoute,
  { request, caller }: { request: CheckedRequest<Route>; caller: Caller },
): Promise<Result<unknown, Refusal>> {
  if (!acts(it.route) || it.route.isReading) return it.answer(request, caller.by);
  const seq = await audit.note(caller.by, it.auditEntry(request));
  const answered = await it.answer(request, caller.by);
  if (!answered.ok) await audit.note(caller.by, { act: 'refused', subject: `#${seq}`, says: answered.problem.code });
  return answered;
}
