import { type TSchema, Type } from 'typebox';
import { nothing, type Route, route } from '../route.ts';
import { MeView, SignInBody } from './schemas.ts';

/** A route without a query that needs no authentication. */
const openRoute = <const P extends string, B extends TSchema, A extends TSchema>(it: Omit<Route<P, TSchema, B, A>, 'scope' | 'query'>) =>
  route({ scope: 'anyone', query: nothing, ...it });

export const getMe = openRoute({
  name: 'get-me',
  summary: 'The signed-in user or the key of this request; without either, the ways to sign in.',
  method: 'GET',
  path: 'me',
  body: nothing,
  answer: MeView,
  replies: 'at once',
});

export const logIn = openRoute({
  name: 'log-in',
  summary:
    'Signs in by name and password and sets the cookie. After CODE_NEEDED, send the code of the second factor as well. The request needs the public origin and X-Evenkeel: 1.',
  method: 'POST',
  path: 'login',
  body: SignInBody,
  answer: MeView,
  replies: 'at once',
});

export const logOut = openRoute({
  name: 'log-out',
  summary: 'Ends the login of the cookie.',
  method: 'POST',
  path: 'logout',
  body: nothing,
  answer: Type.Object({}),
  replies: 'at once',
});

export const visitIssuer = openRoute({
  name: 'visit-issuer',
  summary: 'Redirects the browser to the issuer of OpenID Connect.',
  method: 'GET',
  path: 'login/oidc',
  body: nothing,
  answer: nothing,
  replies: 'redirect',
});

export const returnFromIssuer = route({
  name: 'return-from-issuer',
  summary: 'The issuer redirects the browser here. Signs the user in and redirects to the console.',
  method: 'GET',
  path: 'login/oidc/callback',
  scope: 'anyone',
  query: Type.Object({}, { description: 'as in OpenID Connect Core §3.1.2.5' }),
  body: nothing,
  answer: nothing,
  replies: 'redirect',
});

/** The routes that need no authentication. */
export const signInRoutes: readonly Route[] = [getMe, logIn, logOut, visitIssuer, returnFromIssuer];
