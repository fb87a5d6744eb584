import type { FastifyRequest } from 'fastify';
import { ok, type Result } from '../../domain/result.ts';
import { type Scope, scopeIncludes } from '../../store/sql/api-key.ts';
import type { Config } from '../config/config.ts';
import type { Actor } from '../core/audit.ts';
import { sessionCookie } from '../operators/cookie.ts';
import type { Keys } from '../operators/keys.ts';
import type { Logins, SignedIn } from '../operators/logins.ts';
import { type Refusal, refuse } from './refusal.ts';
import { acts, type Route } from './route.ts';

/** Who came in through the door of the operator: a system with a key, or somebody signed in. */
export interface Entry {
  by: Actor;
  name: string;
  scope: Scope;
  /** How they came in; a login with until when it lasts. */
  via: { is: 'key' } | { is: 'cookie'; login: SignedIn };
  /** Whether they still may; for what stays open. */
  still(): Promise<boolean>;
}

/** What a page says on each request; another site cannot without being asked (the browser's CORS), nor can a form. */
const OWN_HEADER = 'x-evenkeel';
/** Said by a page that asks by a timer: nobody is there because of it. */
const BACKGROUND = 'x-evenkeel-background';

/** What finding out who is at the door needs. */
export interface Doorkeeping {
  config: Pick<Config, 'public_url' | 'console'>;
  keys: Keys;
  logins: Logins;
}

/** Who a request comes from; a key stands over a cookie. The problem is what was wrong, for the log. */
export async function enter(door: Doorkeeping, request: FastifyRequest): Promise<Result<Entry>> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return enterByKey(door, authorization);
  const secret = door.config.console && sessionCookie(door.config.public_url).read(request.headers.cookie);
  const login = secret === undefined ? undefined : await door.logins.find(secret, request.headers[BACKGROUND] === undefined ? 'use' : 'look');
  if (!login || secret === undefined) return { ok: false, problem: secret === undefined ? 'no API key' : 'login over' };
  const { id, name, role } = login.user;
  const still = async () => (await door.logins.find(secret, 'look')) !== undefined;
  return ok({ by: { kind: 'user', id }, name, scope: role, via: { is: 'cookie', login }, still });
}

async function enterByKey({ keys }: Doorkeeping, authorization: string): Promise<Result<Entry>> {
  const [, token] = /^Bearer +([\x21-\x7E]{1,200})$/i.exec(authorization) ?? [];
  const key = token === undefined ? undefined : await keys.find(token);
  if (!key || token === undefined) return { ok: false, problem: token === undefined ? 'no API key' : 'unknown API key' };
  const still = async () => (await keys.find(token)) !== undefined;
  return ok({ by: { kind: 'key', id: key.id }, name: key.name, scope: key.scope, via: { is: 'key' }, still });
}

/**
 * Why a request that a browser sent with its cookie must not act: it may be another site's doing (SEC-37). Such a request comes from
 * the public origin and says `X-Evenkeel: 1`; undefined: it does.
 */
export function forgery({ public_url }: Pick<Config, 'public_url'>, request: FastifyRequest): Refusal | undefined {
  const own = new URL(public_url).origin;
  const { origin } = request.headers;
  const refused = (message: string, field: string, allowed: string): Refusal => ({ status: 403, code: 'FORBIDDEN', message, field, allowed });
  if (origin === undefined ? request.method !== 'GET' : origin !== own)
    return refused(`Origin: found ${origin?.slice(0, 100) ?? 'none'}, allowed is ${own}: open the console at the public_url of the node`, 'Origin', own);
  if (request.headers[OWN_HEADER] !== '1')
    return refused('X-Evenkeel: missing; what acts by a cookie says X-Evenkeel: 1, which another site cannot', 'X-Evenkeel', '1');
  return undefined;
}

/** Whether who came in may do this. */
export function mayAct(entry: Entry, route: Route, { config, request }: { config: Pick<Config, 'public_url'>; request: FastifyRequest }): Refusal | undefined {
  const forged = entry.via.is === 'cookie' && acts(route) ? forgery(config, request) : undefined;
  if (forged) return forged;
  if (route.scope === 'anyone' || scopeIncludes(entry.scope, route.scope)) return undefined;
  const mend =
    entry.via.is === 'key' ? `this key is good for ${entry.scope}, needed is one for ${route.scope}: evenkeel keys add --scope ${route.scope}` : undefined;
  const refusal = refuse(
    403,
    'FORBIDDEN',
    mend ?? `your role is ${entry.scope}, needed is ${route.scope}: an operator of this node gives roles with evenkeel users`,
  );
  return refusal.problem;
}
