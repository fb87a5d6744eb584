import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Identity } from './certificates.ts';
import { portOf } from './raw-peer.ts';

/** An OpenID Connect issuer on loopback. It logs every user in without asking, with the claims that the test sets. */
export interface FakeIssuer extends AsyncDisposable {
  url: string;
  /** Claims of the next token. They are added to issuer, audience, nonce and times, and replace these. */
  claims: Record<string, unknown>;
  /** Plays the browser at the authorization endpoint: takes the redirect of the node, and returns the URL that the issuer redirects to. */
  authorize(location: string): URL;
  /** Requests to the token endpoint, in order. */
  tokenRequests: { authorization: string | undefined; form: URLSearchParams }[];
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Opens an issuer that knows one client; with a certificate it speaks https. */
export async function openFakeIssuer(client: { id: string; secret: string }, certificate?: Identity): Promise<FakeIssuer> {
  const codes = new Map<string, URLSearchParams>();
  const issuer: FakeIssuer = {
    url: '',
    claims: {},
    tokenRequests: [],
    authorize: (location) => {
      const { origin, pathname, searchParams } = new URL(location);
      if (origin + pathname !== `${issuer.url}/authorize`) throw new Error(`not sent to this issuer: ${location}`);
      const code = crypto.randomUUID();
      codes.set(code, searchParams);
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '' }).toString();
      return back;
    },
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  };

  function tokens(form: URLSearchParams, authorization: string | undefined): object | undefined {
    const authorized = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    // Id and secret are form-encoded before they are encoded as base64 (RFC 6749 §2.3.1).
    const [id, secret] = atob(/^Basic (.+)$/.exec(authorization ?? '')?.[1] ?? '')
      .split(':')
      .map(decodeURIComponent);
    const known = id === client.id && secret === client.secret;
    if (!known || authorized?.get('code_challenge') !== challenge || authorized.get('code_challenge_method') !== 'S256') return undefined;
    const now = Math.floor(Date.now() / 1000);
    const body = { iss: issuer.url, aud: client.id, sub: 'S-1', iat: now, exp: now + 60, nonce: authorized.get('nonce'), ...issuer.claims };
    const signed = `${part({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${part(body)}`;
    const id_token = `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    return { access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token };
  }

  const answer = (request: IncomingMessage, response: ServerResponse) => answerAs(issuer, tokens, { request, response });
  const server = certificate ? createTlsServer({ cert: certificate.cert, key: certificate.key }, answer) : createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer.url = `${certificate ? 'https' : 'http'}://127.0.0.1:${portOf(server)}`;
  return issuer;
}

type Exchange = { request: IncomingMessage; response: ServerResponse };
type Tokens = (form: URLSearchParams, authorization: string | undefined) => object | undefined;

function answerAs(issuer: FakeIssuer, tokens: Tokens, { request, response }: Exchange): unknown {
  const answer = (status: number, body: object) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.url === '/.well-known/openid-configuration') return answer(200, metadataOf(issuer.url));
  if (request.url === '/jwks') return answer(200, { keys: [jwk] });
  let text = '';
  request.on('data', (piece) => {
    text += piece;
  });
  return request.on('end', () => {
    const form = new URLSearchParams(text);
    issuer.tokenRequests.push({ authorization: request.headers.authorization, form });
    const issued = request.url === '/token' ? tokens(form, request.headers.authorization) : undefined;
    answer(issued ? 200 : 400, issued ?? { error: 'invalid_grant' });
  });
}

const metadataOf = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  jwks_uri: `${url}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  code_challenge_methods_supported: ['S256'],
});
