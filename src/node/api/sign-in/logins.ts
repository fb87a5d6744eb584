import type { FastifyRequest } from 'fastify';
import { operatorUrl } from '../../config/operator-url.ts';
import type { Audit } from '../../core/audit.ts';
import type { Context } from '../../core/context.ts';
import { type Cookie, sessionCookie } from '../../operators/cookie.ts';
import type { Oidc } from '../../operators/oidc.ts';
import type { ConsoleUser, Users } from '../../operators/users.ts';
import type { Authentication } from '../authenticate.ts';
import { refuse } from '../refusal.ts';
import type { Route } from '../route.ts';

/** What signing in uses. */
export interface SignIn extends Authentication {
  context: Context;
  users: Users;
  audit: Audit;
  /** Undefined: nobody signs in by OpenID Connect. */
  oidc: Oidc | undefined;
  demo: { name: string; password: string; trouble?: object } | undefined;
}

export const pathOf = ({ path }: Route) => `/${path}`;

export const cookieOf = ({ config }: Pick<SignIn, 'config'>): Cookie => sessionCookie(operatorUrl(config));

/** Begins a login after an audit entry; returns the value of Set-Cookie. Undefined: the user was removed or got another password meanwhile. */
export async function beginLogin(signIn: SignIn, user: ConsoleUser, how: 'password' | 'oidc'): Promise<string | undefined> {
  await signIn.audit.note({ kind: 'user', id: user.id }, { act: 'log-in', says: how });
  const secret = await signIn.logins.begin(user);
  return secret === undefined ? undefined : cookieOf(signIn).set(secret);
}

/** Ends the login of the cookie, so that nobody signs in to a login that somebody else began (ASVS 7.2.4). */
export async function endLogin(signIn: SignIn, request: FastifyRequest): Promise<void> {
  const secret = cookieOf(signIn).read(request.headers.cookie);
  if (secret !== undefined) await signIn.logins.end(secret);
}

export const noSuchWay = refuse(404, 'NOT_FOUND', 'this way to sign in is not configured: the configuration has no console, or no console.oidc').problem;
