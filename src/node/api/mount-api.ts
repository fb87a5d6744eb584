import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, ok, type Result } from '../../domain/result.ts';
import { hasBody } from '../../ocpi/request-head.ts';
import { allMethods } from '../../ocpi/routes.ts';
import type { Roles } from '../compose/compose.ts';
import { Audit } from '../core/audit.ts';
import type { Context } from '../core/context.ts';
import { createRecentSteps } from '../core/recent-steps.ts';
import { createKeys, type Keys } from '../operators/keys.ts';
import { createLogins } from '../operators/logins.ts';
import { createOidc } from '../operators/oidc.ts';
import type { PasswordCost } from '../operators/password.ts';
import { createUsers, type Users } from '../operators/users.ts';
import { consoleAnswers } from './agreements/answers.ts';
import { type Doorkeeping, type Entry, enter, forgery, mayAct } from './authenticate.ts';
import { streamEvents } from './events/event-stream.ts';
import { apiDocument } from './openapi.ts';
import { createOperator, type Operator } from './operator.ts';
import { readRequest } from './read-request.ts';
import { invalid, printRefusal, type Refusal, refuse } from './refusal.ts';
import { API, type Asked, acts, type Bound, type Route } from './route.ts';
import { answers } from './sessions/answers.ts';
import { followEvents, routes } from './sessions/routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { openSignIn } from './sign-in/sign-in.ts';

/** Most bytes that a request's body may have (SEC-17). */
const LARGEST_BODY = 256 * 1024;
/** Streams of events that are open at once. */
const MOST_STREAMS = 100;

/** What the routes of the door share. */
interface Door extends Doorkeeping {
  context: Context;
  operator: Operator;
  audit: Audit;
  /** Every route with what answers it, but for the stream. */
  bound: readonly Bound[];
  /** Ends each stream that is open. */
  streams: Set<AbortController>;
  /** Who came in, found before a byte of the body is read. */
  entries: WeakMap<FastifyRequest, Entry>;
}

/** What a node gives to whoever holds it of its door. */
export interface OperatorApi {
  operator: Operator;
  keys: Keys;
  users: Users;
  audit: Audit;
}

/** What is behind the door, and what a node was started with for it. */
interface Mounting {
  roles: Roles;
  demo?: { name: string; password: string };
  passwordCost?: PasswordCost;
}

/** Opens the door for the operator and its own systems at `/api/v1`, and gives the same to whoever holds the node. */
export function mountApi(app: FastifyInstance, context: Context, { roles, demo, passwordCost }: Mounting): OperatorApi {
  const operator = createOperator(context, roles);
  const [keys, users, logins, audit] = [
    createKeys(context.store, context.clock),
    createUsers(context, passwordCost),
    createLogins(context),
    new Audit(context),
  ];
  const { config, clock } = context;
  const steps = createRecentSteps(context.journal, clock);
  const deafen = context.journal.onStep((step) => {
    if (step.step !== 'peer-registered' && step.step !== 'peer-gone') return;
    audit.note({ kind: 'node' }, { act: step.step, subject: step.peer }).catch((error) => context.reportError('audit', error));
  });
  const bound = [...answers(operator, clock), ...consoleAnswers({ context, roles, operator, keys, users, steps })];
  const door: Door = { context, config, operator, keys, logins, audit, bound, streams: new Set(), entries: new WeakMap() };
  const oidc = config.console?.oidc && createOidc(config.console.oidc, { clock, insecure: config.insecure_http });
  // Readable by anyone: it says nothing of this node.
  app.get(`${API}/openapi.json`, async (_request, reply) => reply.send(apiDocument([...signInRoutes, ...routes], config.public_url)));
  app.register(
    async (scope) => {
      prepare(scope, door);
      openSignIn(scope, { ...door, users, oidc, demo }, { send, sendJson });
    },
    { prefix: API },
  );
  app.register(async (scope) => openDoor(scope, door), { prefix: API });
  app.addHook('preClose', async () => {
    operator.stop();
    steps[Symbol.dispose]();
    deafen();
    for (const stream of door.streams) stream.abort();
  });
  return { operator, keys, users, audit };
}

/** Bodies stay bytes until their route is known, and errors get the shape of every error. */
function prepare(scope: FastifyInstance, door: Door): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY }, (_request, body, done) => done(null, body));
  scope.setErrorHandler((error, request, reply) => mishap(door, error, { request, reply }));
}

function openDoor(scope: FastifyInstance, door: Door): void {
  prepare(scope, door);
  scope.addHook('onRequest', async (request, reply) => letIn(door, request, reply));
  scope.setNotFoundHandler((_request, reply) => send(reply, refuse(404, 'NOT_FOUND', `no such address: ${API}/openapi.json lists them`).problem));
  const paths = Map.groupBy(door.bound, (it) => it.route.path);
  for (const [path, bound] of paths) addPath(scope, path, { methods: bound.map((it) => it.route.method), handle: answering(door, bound) });
  addPath(scope, followEvents.path, { methods: [followEvents.method], handle: streaming(door) });
}

type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

function addPath(scope: FastifyInstance, path: string, { methods, handle }: { methods: readonly string[]; handle: Handle }): void {
  const handler: Handle = async (request, reply) =>
    methods.includes(request.method) ? handle(request, reply) : send(reply.header('Allow', methods.join(', ')), notOffered(request.method, methods));
  const url = `/${path.replace(/\{(\w+)\}/g, ':$1')}`;
  scope.route({ method: [...allMethods], url, handler, bodyLimit: LARGEST_BODY, exposeHeadRoute: false });
}

/** Finds out who is at the door before any work is done. */
async function letIn(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  // A Content-Type without a body says nothing, whatever it says.
  if (!hasBody(request)) delete request.headers['content-type'];
  const entry = await enter(door, request);
  if (!entry.ok) {
    door.context.journal.note({ step: 'refused-entry', address: request.ip, why: entry.problem });
    const refusal = refuse(401, 'UNAUTHENTICATED', 'Authorization: allowed is "Bearer" and a key made by evenkeel keys add; or sign in at /console').problem;
    return send(closing(request, reply).header('WWW-Authenticate', 'Bearer realm="evenkeel"'), refusal);
  }
  const forged = entry.value.via.is === 'cookie' && request.method !== 'GET' ? forgery(door.config, request) : undefined;
  if (forged) return send(closing(request, reply), forged);
  door.entries.set(request, entry.value);
  return undefined;
}

/** A body that nobody will read is not waited for. */
const closing = (request: FastifyRequest, reply: FastifyReply) => (hasBody(request) ? reply.header('Connection', 'close') : reply);

function answering(door: Door, bound: readonly Bound[]): Handle {
  return async (request, reply) => {
    const it = bound.find(({ route }) => route.method === request.method);
    const allowed = it && allow(door, it.route, request);
    if (!it || !allowed?.ok) return send(reply, allowed?.ok === false ? allowed.problem : notOffered(request.method, []));
    const { url, headers, body } = request;
    const asked = readRequest(it.route, { url, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined });
    const answered = asked.ok ? await writtenDown(door, it, { asked: asked.value, entry: allowed.value }) : asked;
    if (!answered.ok) return send(reply, answered.problem);
    const open = it.route.replies === 'later' && Reflect.get(Object(answered.value), 'open') === true;
    return sendJson(reply.code(open ? 202 : 200), JSON.stringify(answered.value));
  };
}

/** What acts is written down before it is done, so that nothing is done without; what was refused is written down as well (SEC-39). */
async function writtenDown({ audit }: Door, it: Bound, { asked, entry }: { asked: Asked<Route>; entry: Entry }): Promise<Result<unknown, Refusal>> {
  if (!acts(it.route)) return it.answer(asked);
  const seq = await audit.note(entry.by, it.deed(asked));
  const answered = await it.answer(asked);
  if (!answered.ok) await audit.note(entry.by, { act: 'refused', subject: `#${seq}`, says: answered.problem.code });
  return answered;
}

function allow({ entries, config }: Door, route: Route, request: FastifyRequest): Result<Entry, Refusal> {
  const entry = entries.get(request);
  if (!entry) return refuse(401, 'UNAUTHENTICATED', 'Authorization: missing');
  const refusal = mayAct(entry, route, { config, request });
  return refusal ? fail(refusal) : ok(entry);
}

function streaming(door: Door): Handle {
  const { context, operator, streams } = door;
  return async (request, reply) => {
    const entry = allow(door, followEvents, request);
    if (!entry.ok) return send(reply, entry.problem);
    const asked = readRequest(followEvents, { url: request.url, contentType: undefined, body: undefined });
    const after = asked.ok ? lastHeard(request.headers['last-event-id'], Object(asked.value.query)) : asked;
    if (!after.ok) return send(reply, after.problem);
    if (streams.size >= MOST_STREAMS) return send(reply, refuse(429, 'TOO_MANY_STREAMS', `${MOST_STREAMS} streams are open: close one first`).problem);
    const ending = new AbortController();
    streams.add(ending);
    try {
      const place = await operator.log.place(after.value);
      reply.hijack();
      await streamEvents(reply.raw, ending, { clock: context.clock, log: operator.log, place, welcome: entry.value.still });
    } catch (error) {
      context.reportError('stream of events', error);
      if (!reply.sent) return send(reply, failed);
      reply.raw.destroy();
    } finally {
      streams.delete(ending);
    }
    return reply;
  };
}

/** A reader that comes back says in the header where it was; its address still says where it began. */
function lastHeard(header: string | string[] | undefined, query: { after?: number }): Result<number | undefined, Refusal> {
  if (header === undefined || header === '') return ok(query.after);
  return typeof header === 'string' && /^\d{1,15}$/.test(header)
    ? ok(Number(header))
    : invalid('Last-Event-ID', 'Last-Event-ID: is no number of an event', 'digits');
}

const failed: Refusal = { status: 500, code: 'FAILED', message: 'something went wrong on this side' };
const notOffered = (method: string, allowed: readonly string[]): Refusal => ({
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: `${method} is not offered here`,
  allowed: allowed.join(', '),
});

function mishap({ context }: Door, error: unknown, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal.status === 500) context.reportError(`${request.method} ${request.routeOptions.url ?? API}`, error);
  return send(closing(request, reply), refusal);
}

/** What the sender of a request is told that the server could not take in, or that went wrong on this side. */
function refusalOf(error: unknown): Refusal {
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  if (status === 413) return { status, code: 'TOO_LARGE', message: 'the body is too long', field: 'body', allowed: 'at most 256 kB' };
  if (status === 415) return { status, code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Content-Type: allowed is application/json' };
  if (typeof status === 'number' && status >= 400 && status < 500) return { status: 400, code: 'INVALID', message: 'not a request that can be read' };
  return failed;
}

/** Refuses an address that no route was looked up for, since it cannot be read. */
export function refuseUnread(response: ServerResponse, error: unknown): void {
  const refusal = refusalOf(error);
  response.writeHead(refusal.status, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
  response.end(printRefusal(refusal));
}

const send = (reply: FastifyReply, refusal: Refusal) => sendJson(reply.code(refusal.status), printRefusal(refusal));
const sendJson = (reply: FastifyReply, text: string) =>
  reply.header('Content-Type', 'application/json; charset=utf-8').header('Cache-Control', 'no-store').header('X-Content-Type-Options', 'nosniff').send(text);
