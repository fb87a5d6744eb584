import type { FastifyRequest } from 'fastify';
import { ok, type Result } from '../../domain/result.ts';
import { type Scope, scopeIncludes } from '../../store/sql/api-key.ts';
import type { Config } from '../config/config.ts';
import { operatorUrl } from '../config/operator-url.ts';
import type { Actor } from '../core/audit.ts';
import { sessionCookie } from '../operators/cookie.ts';
import type { Keys } from '../operators/keys.ts';
import type { Logins, SignedIn } from '../operators/logins.ts';
import { type Refusal, refuse } from './refusal.ts';
import { acts, type Route } from './route.ts';

/** The sender of a request: a system with a key, or a signed-in user. */
export interface Caller {
  by: Actor;
  name: string;
  scope: Scope;
  via: { is: 'key' } | { is: 'cookie'; login: SignedIn };
  /** Whether the key or login is still valid; for connections that stay open. */
  isValid(): Promise<boolean>;
}

/** The console sends this header with each request. A page of another site cannot, without the consent of this node (CORS), nor can a form. */
const OWN_HEADER = 'x-evenkeel';
/** The console sends this header with requests of a timer: they do not extend the login. */
const BACKGROUND_HEADER = 'x-evenkeel-background';

/** What `operatorUrl` reads. */
type OperatorAddress = Pick<Config, 'public_url' | 'listen_operator'>;

/** What authentication uses. */
export interface Authentication {
  config: OperatorAddress & Pick<Config, 'console'>;
  keys: Keys;
  logins: Logins;
}

/** Authenticates a request by its key or, without an Authorization header, by its cookie. The problem is for the log. */
export async function authenticate(dependencies: Authentication, request: FastifyRequest): Promise<Result<Caller>> {
  const { config, logins } = dependencies;
  const { authorization } = request.headers;
  if (authorization !== undefined) return authenticateByKey(dependencies, authorization);
  const secret = config.console && sessionCookie(operatorUrl(config)).read(request.headers.cookie);
  const login = secret === undefined ? undefined : await logins.find(secret, request.headers[BACKGROUND_HEADER] === undefined ? 'extend' : 'check');
  if (!login || secret === undefined) return { ok: false, problem: secret === undefined ? 'no API key' : 'login over' };
  const { id, name, role } = login.user;
  const isValid = async () => (await logins.find(secret, 'check')) !== undefined;
  return ok({ by: { kind: 'user', id }, name, scope: role, via: { is: 'cookie', login }, isValid });
}

async function authenticateByKey({ keys }: Authentication, authorization: string): Promise<Result<Caller>> {
  const [, token] = /^Bearer +([\x21-\x7E]{1,200})$/i.exec(authorization) ?? [];
  const key = token === undefined ? undefined : await keys.find(token);
  if (!key || token === undefined) return { ok: false, problem: token === undefined ? 'no API key' : 'unknown API key' };
  const isValid = async () => (await keys.find(token)) !== undefined;
  return ok({ by: { kind: 'key', id: key.id }, name: key.name, scope: key.scope, via: { is: 'key' }, isValid });
}

/**
 * Refuses a request with a cookie that another site may have caused (cross-site request forgery, SEC-37): a request of the
 * console has the origin of `operatorUrl` and the header `X-Evenkeel: 1`. Undefined: the request is from the console.
 */
export function refuseCrossSite(config: OperatorAddress, request: FastifyRequest): Refusal | undefined {
  const own = new URL(operatorUrl(config)).origin;
  const { origin } = request.headers;
  const refused = (message: string, field: string, allowed: string): Refusal => ({ status: 403, code: 'FORBIDDEN', message, field, allowed });
  if (origin === undefined ? request.method !== 'GET' : origin !== own)
    return refused(`Origin: found ${found(origin)}, allowed is ${own}: open the console at ${operatorUrl(config)}`, 'Origin', own);
  if (request.headers[OWN_HEADER] !== '1')
    return refused(
      `X-Evenkeel: found ${found(request.headers[OWN_HEADER])}, allowed is 1: a request with a cookie that acts needs this header`,
      'X-Evenkeel',
      '1',
    );
  return undefined;
}

const found = (header: string | string[] | undefined) => (header === undefined || header === '' ? 'none' : String(header).slice(0, 100));

/** Refuses a request that the scope of its caller does not allow; undefined: it is allowed. */
function refuseByScope({ scope, via }: Caller, { scope: needed }: Route): Refusal | undefined {
  if (needed === 'anyone' || scopeIncludes(scope, needed)) return undefined;
  const message =
    via.is === 'key'
      ? `the scope of this key is ${scope}, needed is ${needed}: evenkeel keys add --scope ${needed} makes a key for it`
      : `your role is ${scope}, needed is ${needed}: an administrator of this node gives roles with evenkeel users`;
  return refuse(403, 'FORBIDDEN', message).problem;
}

/** Why a caller may not make a request of a route; undefined: it may. */
export function refuseCaller(caller: Caller, route: Route, { config, request }: { config: OperatorAddress; request: FastifyRequest }) {
  const crossSite = caller.via.is === 'cookie' && acts(route) ? refuseCrossSite(config, request) : undefined;
  return crossSite ?? refuseByScope(caller, route);
}
