import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fold } from '../../../domain/ids.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { hasBody } from '../../../ocpi/request-head.ts';
import type { Audit } from '../../core/audit.ts';
import type { Context } from '../../core/context.ts';
import { VERSION } from '../../core/version.ts';
import { sessionCookie, visitCookie } from '../../operators/cookie.ts';
import type { Oidc } from '../../operators/oidc.ts';
import { Throttle } from '../../operators/throttle.ts';
import type { Recognised, Users } from '../../operators/users.ts';
import { type Doorkeeping, type Entry, enter, forgery } from '../authenticate.ts';
import { readRequest } from '../read-request.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { API, type Asked, type Route } from '../route.ts';
import { getMe, logIn, logOut, returnFromIssuer, visitIssuer } from './routes.ts';
import type { MeView } from './schemas.ts';

/** What signing in needs beside the door. */
export interface SigningIn extends Doorkeeping {
  context: Context;
  users: Users;
  audit: Audit;
  oidc: Oidc | undefined;
  demo: { name: string; password: string } | undefined;
}

/** How answers leave. */
export interface Replies {
  send(reply: FastifyReply, refusal: Refusal): FastifyReply;
  sendJson(reply: FastifyReply, text: string): FastifyReply;
}

/** Whoever finds many others at the door tries again after so many seconds. */
const BUSY_S = 5;
/** Where the page is. */
const PAGE = '/console/';

/** Opens what anyone may ask: who they are, and to be let in by name and password, or by an issuer. */
export function openSignIn(scope: FastifyInstance, door: SigningIn, replies: Replies): void {
  const { send, sendJson } = replies;
  const throttle = new Throttle(door.context.clock);
  scope.addHook('onRequest', async (request) => {
    if (!hasBody(request)) delete request.headers['content-type'];
  });
  scope.get(pathOf(getMe), async (request, reply) => {
    const entry = await enter(door, request);
    return sendJson(reply, JSON.stringify(entry.ok ? meOf(door, entry.value) : signedOut(door)));
  });
  scope.post(pathOf(logIn), { bodyLimit: 4_096 }, async (request, reply) => {
    const read = readTyped(door, request);
    if (!read.ok) return send(reply, read.problem);
    const attempt = { address: request.ip, name: fold(read.value.name) };
    const wait = throttle.take(attempt);
    if (wait > 0) {
      door.context.security.note({ kind: 'guessed-passwords', says: 'somebody tries many passwords or names at the console; the log has the address' });
      return send(reply.header('Retry-After', wait), tooMany(wait));
    }
    const found = await door.users.recognise(read.value);
    if (found.is === 'busy') reply.header('Retry-After', BUSY_S);
    if (found.is !== 'known') return send(reply, turnedAway(door, found, request));
    throttle.succeeded(attempt);
    await endCookie(door, request);
    reply.header('Set-Cookie', await beginLogin(door, found.user.id, 'password'));
    return sendJson(reply, JSON.stringify(signedIn(door, { name: found.user.name, scope: found.user.role, via: 'password' })));
  });
  scope.post(pathOf(logOut), { bodyLimit: 1_024 }, async (request, reply) => {
    const forged = forgery(door.context.config, request);
    if (forged) return send(reply, forged);
    const entry = await enter(door, request);
    if (entry.ok && entry.value.via.is === 'cookie') await door.audit.note(entry.value.by, { act: 'log-out' });
    await endCookie(door, request);
    return sendJson(reply.header('Set-Cookie', cookieOf(door).clear()), '{}');
  });
  openVisits(scope, door, { send });
}

const cookieOf = ({ context }: SigningIn) => sessionCookie(context.config.public_url);

/** What somebody typed, if it comes from the page of this node. */
function readTyped({ context }: SigningIn, request: FastifyRequest): Result<{ name: string; password: string; code: string | undefined }, Refusal> {
  if (!context.config.console) return fail(noConsole);
  const forged = forgery(context.config, request);
  if (forged) return fail(forged);
  const { url, headers, body } = request;
  const asked = readRequest(logIn, { url, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined });
  if (!asked.ok) return asked;
  const { name, password, code }: Asked<typeof logIn>['body'] = Object(asked.value.body);
  return ok({ name, password, code });
}

function turnedAway({ context }: SigningIn, found: Exclude<Recognised, { is: 'known' }>, request: FastifyRequest): Refusal {
  if (found.is === 'busy') return tooMany(BUSY_S);
  if (found.is === 'code-needed') return codeNeeded;
  context.journal.note({ step: 'refused-entry', address: request.ip, why: 'wrong name, password or code' });
  context.metrics.security.inc({ kind: 'refused-login' });
  return unrecognised;
}

/** A login that was there before ends: nobody gets into one that somebody else began (ASVS 7.2.4). */
async function endCookie(door: SigningIn, request: FastifyRequest): Promise<void> {
  const secret = cookieOf(door).read(request.headers.cookie);
  if (secret !== undefined) await door.logins.end(secret);
}

/** What goes into Set-Cookie of whoever was recognised. */
async function beginLogin(door: SigningIn, user: string, how: 'password' | 'oidc'): Promise<string> {
  await door.audit.note({ kind: 'user', id: user }, { act: 'log-in', says: how });
  return cookieOf(door).set(await door.logins.begin(user));
}

/** The way to an issuer and back. */
function openVisits(scope: FastifyInstance, door: SigningIn, { send }: Pick<Replies, 'send'>): void {
  const { context, oidc, users } = door;
  const visit = () => visitCookie(context.config.public_url, `${API}/${visitIssuer.path}`);
  const failed = `${PAGE}?failed=oidc`;
  scope.get(pathOf(visitIssuer), async (_request, reply) => {
    if (!oidc) return send(reply, noConsole);
    try {
      const { location, mark } = await oidc.begin(context.config.public_url + API + pathOf(returnFromIssuer));
      return reply.header('Set-Cookie', visit().set(mark)).header('Cache-Control', 'no-store').redirect(location);
    } catch (error) {
      context.reportError('the issuer of console.oidc', error);
      return reply.redirect(failed);
    }
  });
  scope.get(pathOf(returnFromIssuer), async (request, reply) => {
    const mark = visit().read(request.headers.cookie);
    if (!oidc || mark === undefined) return reply.redirect(failed);
    const vouched = await oidc.finish(new URL(request.url, context.config.public_url), mark);
    reply.header('Set-Cookie', visit().clear()).header('Cache-Control', 'no-store').header('Referrer-Policy', 'no-referrer');
    if (!vouched.ok) {
      context.reportError('sign-in by console.oidc', vouched.problem);
      return reply.redirect(failed);
    }
    const user = await users.know(vouched.value);
    return reply.header('Set-Cookie', await beginLogin(door, user.id, 'oidc')).redirect(PAGE);
  });
}

const pathOf = ({ path }: Route) => `/${path}`;

const unrecognised = refuse(401, 'UNAUTHENTICATED', 'name, password or code: not as they are known here').problem;
const codeNeeded = refuse(401, 'CODE_NEEDED', 'code: the six digits that your authenticator app shows now').problem;
const tooMany = (wait: number) => refuse(429, 'TOO_MANY_ATTEMPTS', `too many attempts to sign in: the next one in ${wait} s`).problem;
const noConsole = refuse(404, 'NOT_FOUND', 'this node has no such way to sign in: its configuration has no console, or no console.oidc').problem;

const signedOut = ({ context, oidc, demo }: SigningIn): MeView => ({
  signed_in: false,
  ways: context.config.console ? ['password', ...(oidc ? (['oidc'] as const) : [])] : [],
  ...(demo && { demo }),
});

function meOf(door: SigningIn, { name, scope, via }: Entry): MeView {
  if (via.is === 'key') return signedIn(door, { name, scope, via: 'key' });
  const { user, idleUntil, endsAt } = via.login;
  const me = signedIn(door, { name, scope, via: user.password === undefined ? 'oidc' : 'password' });
  return { ...me, idle_until: printDateTime(idleUntil), ends_at: printDateTime(endsAt) };
}

function signedIn({ context }: SigningIn, { name, scope, via }: { name: string; scope: Entry['scope']; via: 'password' | 'oidc' | 'key' }) {
  const { parties, public_url } = context.config;
  return { signed_in: true as const, name, role: scope, via, node: { parties: parties.map((it) => ({ ...it })), public_url, version: VERSION } };
}
