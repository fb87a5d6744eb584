import type { Static, TSchema } from 'typebox';
import type { Result } from '../../domain/result.ts';
import { nothing } from '../../ocpi/endpoint.ts';
import type { Scope } from '../../store/sql/api-key.ts';
import type { Actor, AuditedAct } from '../core/audit.ts';
import type { Refusal } from './refusal.ts';

export { nothing };

/** The path of the operator API below the public URL. */
export const API = '/api/v1';

/** One request of the operator API, written once: the server, the OpenAPI document and the command line read this value. */
export interface Route<P extends string = string, Q extends TSchema = TSchema, B extends TSchema = TSchema, A extends TSchema = TSchema> {
  /** What the request does, as words joined by hyphens: its operationId, and its name in the audit. */
  name: string;
  /** One sentence for the OpenAPI document. */
  summary: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with `{names}`. */
  path: P;
  /** The scope or role that the caller needs; `anyone`: no authentication. */
  scope: Scope | 'anyone';
  query: Q;
  body: B;
  answer: A;
  /** `later`: HTTP 202 while the exchange is open, 200 once it has ended. `stream`: server-sent events without end. `redirect`: HTTP 302. */
  replies: 'at once' | 'later' | 'stream' | 'redirect';
  /** It changes nothing (a preview), or it arrives all the time (a value of a meter): it is not audited. */
  isReading?: true;
}
export const route = <const P extends string, Q extends TSchema, B extends TSchema, A extends TSchema>(it: Route<P, Q, B, A>): Route<P, Q, B, A> => it;

/** A route that reads by a query: GET, for every scope. */
export const queryRoute = <const P extends string, Q extends TSchema, A extends TSchema>(it: { name: string; summary: string; path: P; query: Q; answer: A }) =>
  route({ method: 'GET', scope: 'view', body: nothing, replies: 'at once', ...it });

/** A route that reads without a query: GET, for every scope. */
export const readRoute = <const P extends string, A extends TSchema>(it: { name: string; summary: string; path: P; answer: A }) =>
  queryRoute({ query: nothing, ...it });

/** A route without a query for the scope `admin`. */
export const adminRoute = <const P extends string, B extends TSchema, A extends TSchema>(it: {
  name: string;
  summary: string;
  method: Route['method'];
  path: P;
  body: B;
  answer: A;
}) => route({ scope: 'admin', query: nothing, replies: 'at once', ...it });

type Named<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
/** The names in a route's path, each with its decoded text. */
export type Params<R extends Route> = string extends R['path'] ? Readonly<Record<string, string>> : Readonly<Record<Named<R['path']>, string>>;

/** A request, checked against its route. */
export interface CheckedRequest<R extends Route> {
  params: Params<R>;
  query: Static<R['query']>;
  body: Static<R['body']>;
}
type Answer<R extends Route> = Promise<Result<Static<R['answer']>, Refusal>>;

/** A route with the function that answers it. */
export interface AnsweredRoute {
  route: Route;
  answer(request: CheckedRequest<Route>, by: Actor): Promise<Result<unknown, Refusal>>;
  /** The audit entry of a request that acts. */
  auditEntry(request: CheckedRequest<Route>): AuditedAct;
}
/** `answer` gets the request and who makes it. `entryOf`: subject and details of the audit entry, without secrets; when absent, the subject is the first name in the path. */
export function answerRoute<R extends Route>(
  it: R,
  answer: (request: CheckedRequest<R>, by: Actor) => Answer<R>,
  entryOf: (request: CheckedRequest<R>) => Omit<AuditedAct, 'act'> = ({ params }) => firstOf(params),
): AnsweredRoute {
  const answered: {
    route: Route;
    answer(request: CheckedRequest<R>, by: Actor): Promise<Result<unknown, Refusal>>;
    auditEntry(request: CheckedRequest<R>): AuditedAct;
  } = { route: it, answer, auditEntry: (request) => ({ act: it.name, ...entryOf(request) }) };
  return answered;
}
function firstOf(params: object): Omit<AuditedAct, 'act'> {
  const [subject]: unknown[] = Object.values(params);
  return typeof subject === 'string' ? { subject } : {};
}

/** Whether a request of this route changes something here or sends a request to a charge point or peer; such requests are audited (SEC-39). */
export const acts = ({ method, replies }: Route): boolean => method !== 'GET' || replies === 'later';
