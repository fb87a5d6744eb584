import type { FastifyInstance } from 'fastify';
import { operatorUrl } from '../../config/operator-url.ts';
import { pendingSignInCookie } from '../../operators/cookie.ts';
import { sendRefusal } from '../reply.ts';
import { API } from '../route.ts';
import { beginLogin, noSuchWay, pathOf, type SignIn } from './logins.ts';
import { returnFromIssuer, visitIssuer } from './routes.ts';

const CONSOLE = '/console/';
/** The sign-in page with the message that signing in by the issuer failed. */
const FAILED = `${CONSOLE}?failed=oidc`;

/** Serves the redirects to an issuer of OpenID Connect and back. */
export function serveIssuer(scope: FastifyInstance, signIn: SignIn): void {
  const { context, config, oidc, users } = signIn;
  // The public URL may get its port only after this call.
  const cookie = () => pendingSignInCookie(operatorUrl(config), `${API}/${visitIssuer.path}`);
  scope.get(pathOf(visitIssuer), async (_request, reply) => {
    if (!oidc) return sendRefusal(reply, noSuchWay);
    try {
      const { location, id } = await oidc.begin(operatorUrl(config) + API + pathOf(returnFromIssuer));
      return reply.header('Set-Cookie', cookie().set(id)).header('Cache-Control', 'no-store').redirect(location);
    } catch (error) {
      context.reportError('the issuer of console.oidc', error);
      return reply.redirect(FAILED);
    }
  });
  scope.get(pathOf(returnFromIssuer), async (request, reply) => {
    const id = cookie().read(request.headers.cookie);
    if (!oidc || id === undefined) return reply.redirect(FAILED);
    const identity = await oidc.finish(new URL(request.url, operatorUrl(config)), id);
    reply.header('Set-Cookie', cookie().clear()).header('Cache-Control', 'no-store').header('Referrer-Policy', 'no-referrer');
    if (!identity.ok) {
      context.reportError('sign-in by console.oidc', identity.problem);
      return reply.redirect(FAILED);
    }
    const user = await users.addFromIssuer(identity.value);
    const login = await beginLogin(signIn, user, 'oidc');
    return login === undefined ? reply.redirect(FAILED) : reply.header('Set-Cookie', login).redirect(CONSOLE);
  });
}
