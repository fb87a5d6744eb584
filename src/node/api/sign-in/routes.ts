import { Type } from 'typebox';
import { nothing, type Route, route } from '../route.ts';
import { MeView, SignInBody } from './schemas.ts';

export const getMe = route({
  name: 'get-me',
  summary: 'The signed-in user or the key of this request; without either, the ways to sign in.',
  method: 'GET',
  path: 'me',
  scope: 'anyone',
  query: nothing,
  body: nothing,
  answer: MeView,
  replies: 'at once',
});

export const logIn = route({
  name: 'log-in',
  summary:
    'Signs in by name and password and sets the cookie. After CODE_NEEDED, send the code of the second factor as well. The request needs the public origin and X-Evenkeel: 1.',
  method: 'POST',
  path: 'login',
  scope: 'anyone',
  query: nothing,
  body: SignInBody,
  answer: MeView,
  replies: 'at once',
});

export const logOut = route({
  name: 'log-out',
  summary: 'Ends the login of the cookie.',
  method: 'POST',
  path: 'logout',
  scope: 'anyone',
  query: nothing,
  body: nothing,
  answer: Type.Object({}),
  replies: 'at once',
});

export const visitIssuer = route({
  name: 'visit-issuer',
  summary: 'Redirects the browser to the issuer of OpenID Connect.',
  method: 'GET',
  path: 'login/oidc',
  scope: 'anyone',
  query: nothing,
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
