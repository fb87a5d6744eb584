import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fold } from '../../domain/ids.ts';
import { hasBody } from '../../ocpi/gate.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { Audit } from '../console/audit.ts';
import { sessionCookie, visitCookie } from '../console/cookie.ts';
import type { Oidc } from '../console/oidc.ts';
import { Throttle } from '../console/throttle.ts';
import type { Recognised, Users } from '../console/users.ts';
import type { Ground } from '../ground.ts';
import { VERSION } from '../version.ts';
import { type Doorkeeping, type Entry, enter, forgery } from './entry.ts';
import { readRequest } from './read-request.ts';
import { type Refusal, refuse } from './refusal.ts';
import { API, type Asked } from './route.ts';
import { logIn, returnFromIssuer, visitIssuer } from './routes-sign-in.ts';
import type { MeView } from './words-sign-in.ts';

/** What signing in needs beside the door. */
export interface SigningIn extends Doorkeeping {
  ground: Ground;
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

/** Where the page is. */
const PAGE = '/console/';

/** Opens what anyone may ask: who they are, and to be let in by name and password, or by an issuer. */
export function openSignIn(scope: FastifyInstance, door: SigningIn, { send, sendJson }: Replies): void {
  const throttle = new Throttle(door.ground.clock);
  const cookie = () => sessionCookie(door.ground.config.public_url);
  const visit = () => visitCookie(door.ground.config.public_url, `${API}/${visitIssuer.path}`);
  const { audit, users, logins, ground } = door;

  /** What goes into Set-Cookie. */
  const begin = async (user: string, how: 'password' | 'oidc'): Promise<string> => {
    await audit.note({ kind: 'user', id: user }, { act: 'log-in', says: how });
    return cookie().set(await logins.begin(user));
  };

  async function signIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!ground.config.console) return send(reply, noConsole);
    const forged = forgery(ground.config, request);
    if (forged) return send(reply, forged);
    const { url, headers, body } = request;
    const asked = readRequest(logIn, { url, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined });
    if (!asked.ok) return send(reply, asked.problem);
    const { name, password, code }: Asked<typeof logIn>['body'] = Object(asked.value.body);
    const attempt = { address: request.ip, name: fold(name) };
    const wait = throttle.take(attempt);
    if (wait > 0) return send(reply.header('Retry-After', wait), tooMany(wait));
    const found = await users.recognise({ name, password, code });
    if (found.is !== 'known') return turnAway({ found, request, reply });
    throttle.succeeded(attempt);
    await endCookie(request);
    reply.header('Set-Cookie', await begin(found.user.id, 'password'));
    return sendJson(reply, JSON.stringify(signedIn(door, { name: found.user.name, scope: found.user.role, via: 'password' })));
  }

  function turnAway({ found, request, reply }: { found: Exclude<Recognised, { is: 'known' }>; request: FastifyRequest; reply: FastifyReply }): FastifyReply {
    if (found.is === 'busy') return send(reply.header('Retry-After', 5), tooMany(5));
    if (found.is === 'code-needed') return send(reply, codeNeeded);
    ground.journal.note({ step: 'refused-entry', address: request.ip, why: 'wrong name, password or code' });
    ground.metrics.security.inc({ kind: 'refused-login' });
    return send(reply, unrecognised);
  }

  /** A login that was there before ends: nobody gets into one that somebody else began (ASVS 7.2.4). */
  async function endCookie(request: FastifyRequest): Promise<void> {
    const secret = cookie().read(request.headers.cookie);
    if (secret !== undefined) await logins.end(secret);
  }

  async function signOut(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const forged = forgery(ground.config, request);
    if (forged) return send(reply, forged);
    const entry = await enter(door, request);
    if (entry.ok && entry.value.via.is === 'cookie') await audit.note(entry.value.by, { act: 'log-out' });
    await endCookie(request);
    return sendJson(reply.header('Set-Cookie', cookie().clear()), '{}');
  }

  async function goToIssuer(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!door.oidc) return send(reply, noConsole);
    try {
      const { location, mark } = await door.oidc.begin(ground.config.public_url + API + pathOf(returnFromIssuer.path));
      return reply.header('Set-Cookie', visit().set(mark)).header('Cache-Control', 'no-store').redirect(location);
    } catch (error) {
      ground.complain('the issuer of console.oidc', error);
      return reply.redirect(`${PAGE}?failed=oidc`);
    }
  }

  async function comeBack(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const mark = visit().read(request.headers.cookie);
    if (!door.oidc || mark === undefined) return reply.redirect(`${PAGE}?failed=oidc`);
    const vouched = await door.oidc.finish(new URL(request.url, ground.config.public_url), mark);
    reply.header('Set-Cookie', visit().clear()).header('Cache-Control', 'no-store').header('Referrer-Policy', 'no-referrer');
    if (!vouched.ok) {
      ground.complain('sign-in by console.oidc', vouched.problem);
      return reply.redirect(`${PAGE}?failed=oidc`);
    }
    const user = await users.know(vouched.value);
    return reply.header('Set-Cookie', await begin(user.id, 'oidc')).redirect(PAGE);
  }

  scope.get('/me', async (request, reply) => {
    const entry = await enter(door, request);
    return sendJson(reply, JSON.stringify(entry.ok ? meOf(door, entry.value) : signedOut(door)));
  });
  scope.post('/login', { bodyLimit: 4_096 }, signIn);
  scope.post('/logout', { bodyLimit: 1_024 }, signOut);
  scope.get(pathOf(visitIssuer.path), goToIssuer);
  scope.get(pathOf(returnFromIssuer.path), comeBack);
  scope.addHook('onRequest', async (request) => {
    if (!hasBody(request)) delete request.headers['content-type'];
  });
}

const pathOf = (path: string) => `/${path}`;

const unrecognised = refuse(401, 'UNAUTHENTICATED', 'name, password or code: not as they are known here').problem;
const codeNeeded = refuse(401, 'CODE_NEEDED', 'code: the six digits that your authenticator app shows now').problem;
const tooMany = (wait: number) => refuse(429, 'TOO_MANY_ATTEMPTS', `too many attempts to sign in: the next one in ${wait} s`).problem;
const noConsole = refuse(404, 'NOT_FOUND', 'this node has no such way to sign in: its configuration has no console, or no console.oidc').problem;

const signedOut = ({ ground, oidc, demo }: SigningIn): MeView => ({
  signed_in: false,
  ways: ground.config.console ? ['password', ...(oidc ? (['oidc'] as const) : [])] : [],
  ...(demo && { demo }),
});

function meOf(door: SigningIn, { name, scope, via }: Entry): MeView {
  if (via.is === 'key') return signedIn(door, { name, scope, via: 'key' });
  const { user, idleUntil, endsAt } = via.login;
  const me = signedIn(door, { name, scope, via: user.password === undefined ? 'oidc' : 'password' });
  return { ...me, idle_until: printDateTime(idleUntil), ends_at: printDateTime(endsAt) };
}

function signedIn({ ground }: SigningIn, { name, scope, via }: { name: string; scope: Entry['scope']; via: 'password' | 'oidc' | 'key' }) {
  const { parties, public_url } = ground.config;
  return { signed_in: true as const, name, role: scope, via, node: { parties: parties.map((it) => ({ ...it })), public_url, version: VERSION } };
}
