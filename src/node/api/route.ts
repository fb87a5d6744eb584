import type { Static, TSchema } from 'typebox';
import type { Result } from '../../domain/result.ts';
import { nothing } from '../../ocpi/endpoint.ts';
import type { Scope } from '../../store/sql/api-key.ts';
import type { AuditedAct } from '../core/audit.ts';
import type { Refusal } from './refusal.ts';

export { nothing };

/** Where the door for the operator's own systems stands below the public URL. */
export const API = '/api/v1';

/**
 * One request that the operator's own systems can make, written once: the server's route, the OpenAPI document and
 * the command line read this value.
 */
export interface Route<P extends string = string, Q extends TSchema = TSchema, B extends TSchema = TSchema, A extends TSchema = TSchema> {
  /** What the request does, in words joined by hyphens. */
  name: string;
  /** One sentence for the document. */
  says: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with `{names}`. */
  path: P;
  /** What whoever asks must be good for; `anyone`: whoever reaches the door. */
  scope: Scope | 'anyone';
  query: Q;
  body: B;
  answer: A;
  /** `later`: HTTP 202 while the outcome is open, 200 once it is known. `stream`: server-sent events without end. `redirect`: HTTP 302. */
  replies: 'at once' | 'later' | 'stream' | 'redirect';
}
export const route = <const P extends string, Q extends TSchema, B extends TSchema, A extends TSchema>(it: Route<P, Q, B, A>): Route<P, Q, B, A> => it;

type Named<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
/** The names in a route's path, each with its decoded text. */
export type Params<R extends Route> = string extends R['path'] ? Readonly<Record<string, string>> : Readonly<Record<Named<R['path']>, string>>;

/** One request, checked against its route. */
export interface Asked<R extends Route> {
  params: Params<R>;
  query: Static<R['query']>;
  body: Static<R['body']>;
}
export type Answered<R extends Route> = Result<Static<R['answer']>, Refusal>;

/** A route with what answers it. */
export interface Bound {
  route: Route;
  answer(asked: Asked<Route>): Promise<Result<unknown, Refusal>>;
  /** What the audit says of a request that acts. */
  deed(asked: Asked<Route>): AuditedAct;
}
/** `about`: what the audit says beside the route's name; the first name in its path when absent. It must hold no secret. */
export function bind<R extends Route>(
  it: R,
  answer: (asked: Asked<R>) => Promise<Answered<R>>,
  about: (asked: Asked<R>) => Omit<AuditedAct, 'act'> = ({ params }) => firstOf(params),
): Bound {
  const bound: { route: Route; answer(asked: Asked<R>): Promise<Result<unknown, Refusal>>; deed(asked: Asked<R>): AuditedAct } = {
    route: it,
    answer,
    deed: (asked) => ({ act: it.name, ...about(asked) }),
  };
  return bound;
}
function firstOf(params: object): Omit<AuditedAct, 'act'> {
  const [subject]: unknown[] = Object.values(params);
  return typeof subject === 'string' ? { subject } : {};
}

/** Whether a request of this route changes something, here or at a charge point; such requests are written down (SEC-39). */
export const acts = ({ method, replies }: Route): boolean => method !== 'GET' || replies === 'later';
