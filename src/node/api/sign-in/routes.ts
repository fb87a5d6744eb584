import { Type } from 'typebox';
import { nothing, type Route, route } from '../route.ts';
import { MeView, Typed } from './schemas.ts';

export const getMe = route({
  name: 'get-me',
  says: 'Who is signed in by the cookie or the key of this request; without either, how to sign in.',
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
  says: 'Signs in by name and password and sets the cookie; CODE_NEEDED asks for the second factor. Origin must be the public one, and X-Evenkeel: 1 is sent.',
  method: 'POST',
  path: 'login',
  scope: 'anyone',
  query: nothing,
  body: Typed,
  answer: MeView,
  replies: 'at once',
});

export const logOut = route({
  name: 'log-out',
  says: 'Ends the login of the cookie, at once and for good.',
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
  says: 'Sends the browser to the issuer of OpenID Connect.',
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
  says: 'Where the issuer sends the browser back to: signs in whom it vouches for, and goes on to the console.',
  method: 'GET',
  path: 'login/oidc/callback',
  scope: 'anyone',
  query: Type.Object({}, { description: 'as OpenID Connect Core §3.1.2.5 has it' }),
  body: nothing,
  answer: nothing,
  replies: 'redirect',
});

/** What is answered to anyone. */
export const signInRoutes: readonly Route[] = [getMe, logIn, logOut, visitIssuer, returnFromIssuer];
