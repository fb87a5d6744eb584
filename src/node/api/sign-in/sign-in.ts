import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { fold } from '../../../domain/ids.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { operatorUrl } from '../../config/operator-url.ts';
import { createKnownBrowsers } from '../../operators/known-browsers.ts';
import { Throttle } from '../../operators/throttle.ts';
import type { Verified } from '../../operators/users.ts';
import { authenticate, refuseCrossSite } from '../authenticate.ts';
import { readRequest } from '../read-request.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { sendJson, sendRefusal } from '../reply.ts';
import { ignoreTypeOfNoBody, readBodiesAsBytes } from '../serve-routes.ts';
import { serveIssuer } from './issuer.ts';
import { beginLogin, cookieOf, endLogin, noSuchWay, pathOf, type SignIn } from './logins.ts';
import { viewCaller, viewSignedIn, viewSignedOut } from './me.ts';
import { getMe, logIn, logOut } from './routes.ts';
import type { SignInBody } from './schemas.ts';

/** Seconds after which a client tries again when too many passwords are being checked. */
const BUSY_S = 5;

/** Serves what needs no authentication: who is signed in, and signing in and out. */
export function serveSignIn(scope: FastifyInstance, signIn: SignIn): void {
  readBodiesAsBytes(scope, signIn.context);
  scope.addHook('onRequest', async (request) => ignoreTypeOfNoBody(request));
  scope.get(pathOf(getMe), async (request, reply) => {
    const caller = await authenticate(signIn, request);
    return sendJson(reply, JSON.stringify(caller.ok ? viewCaller(signIn, caller.value) : viewSignedOut(signIn)));
  });
  serveLogIn(scope, signIn);
  scope.post(pathOf(logOut), { bodyLimit: 1_024 }, async (request, reply) => {
    const crossSite = refuseCrossSite(signIn.config, request);
    if (crossSite) return sendRefusal(reply, crossSite);
    const caller = await authenticate(signIn, request);
    if (caller.ok && caller.value.via.is === 'cookie') await signIn.audit.note(caller.value.by, { act: 'log-out' });
    await endLogin(signIn, request);
    return sendJson(reply.header('Set-Cookie', cookieOf(signIn).clear()), '{}');
  });
  serveIssuer(scope, signIn);
}

function serveLogIn(scope: FastifyInstance, signIn: SignIn): void {
  const { context, users } = signIn;
  const throttle = new Throttle(context.clock);
  // The URL may get its port only after this call.
  const browsers = createKnownBrowsers(context, () => operatorUrl(signIn.config));
  scope.post(pathOf(logIn), { bodyLimit: 4_096 }, async (request, reply) => {
    const read = readSignIn(signIn, request);
    if (!read.ok) return sendRefusal(reply, read.problem);
    const { name, password, code } = read.value;
    const folded = fold(name);
    const attempt = { address: request.ip, name: folded, browser: browsers.find(folded, request.headers.cookie) };
    const wait = throttle.take(attempt);
    if (wait > 0) {
      context.security.note({
        kind: 'guessed-passwords',
        says: 'too many attempts to sign in to the console; the log has the address',
      });
      return sendRefusal(reply.header('Retry-After', wait), tooManyAttempts(wait));
    }
    const found = await users.verify({ name, password, code }, attempt.browser === undefined ? 'other browser' : 'known browser');
    if (found.is === 'busy') {
      throttle.notChecked(attempt);
      reply.header('Retry-After', BUSY_S);
    }
    if (found.is !== 'known') return sendRefusal(reply, refuseSignIn(signIn, found, request));
    const login = await beginLogin(signIn, found.user, 'password');
    if (login === undefined) return sendRefusal(reply, refuseSignIn(signIn, { is: 'unknown' }, request));
    throttle.succeeded(attempt);
    await endLogin(signIn, request);
    reply.header('Set-Cookie', [login, browsers.remember(folded)]);
    return sendJson(reply, JSON.stringify(viewSignedIn(signIn, { name: found.user.name, scope: found.user.role, via: 'password' })));
  });
}

/** The body of a sign-in, if the console of this node sent it. */
function readSignIn({ config }: SignIn, request: FastifyRequest): Result<Static<typeof SignInBody>, Refusal> {
  if (!config.console) return fail(noSuchWay);
  const crossSite = refuseCrossSite(config, request);
  if (crossSite) return fail(crossSite);
  const { url, headers, body } = request;
  const checked = readRequest(logIn, { url, contentType: headers['content-type'], body: Buffer.isBuffer(body) ? body : undefined });
  return checked.ok ? ok(Object(checked.value.body)) : checked;
}

function refuseSignIn({ context }: SignIn, found: Exclude<Verified, { is: 'known' }>, request: FastifyRequest): Refusal {
  if (found.is === 'busy') return tooManyAttempts(BUSY_S);
  if (found.is === 'code-needed') return codeNeeded;
  context.journal.note({ step: 'api-access-refused', address: request.ip, why: 'wrong name, password or code' });
  context.metrics.security.inc({ kind: 'refused-login' });
  return wrongCredentials;
}

const wrongCredentials = refuse(401, 'UNAUTHENTICATED', 'Wrong name, password or code').problem;
const codeNeeded = refuse(401, 'CODE_NEEDED', 'code: missing; send the six digits that your authenticator app shows now').problem;
const tooManyAttempts = (wait: number) => refuse(429, 'TOO_MANY_ATTEMPTS', `too many attempts to sign in: try again in ${wait} s`).problem;
