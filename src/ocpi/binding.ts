import type { Edition } from './editions.ts';
import type { Answer, Body, Endpoint, Params, Query } from './endpoint.ts';
import type { Reply } from './envelope.ts';
import type { PresentedToken, Routing } from './headers.ts';

/** Who sent a request, as the node that serves it knows it. */
export interface Caller<P> {
  peer: P;
  /** `REGISTRATION`: it showed a TOKEN_A, good for versions and credentials only (TRN-09). */
  scope: 'REGISTRATION' | 'ALL';
  /** The one of the presented tokens that was right; GET credentials gives it back. */
  token: PresentedToken;
}

/** Finds out who shows these tokens, the likeliest first; undefined when nobody does, which becomes HTTP 401 (TRN-08). */
export type Authenticate<P> = (tokens: readonly PresentedToken[], address: string) => Caller<P> | undefined | Promise<Caller<P> | undefined>;

export interface RequestHeaders extends Routing {
  requestId: string;
  correlationId: string;
}

/** One request, checked against its endpoint. */
export interface Request<E extends Endpoint, P> {
  peer: P;
  caller: Caller<P>;
  edition: Edition;
  params: Params<E>;
  query: Query<E>;
  body: Body<E>;
  headers: RequestHeaders;
  /** Path and query as they came. */
  url: string;
  /** The body as it came; empty when there was none. For telling a repeat from a reuse of an id (SEC-13). */
  text: string;
}

/** One endpoint with what answers it. */
export interface Binding<P> {
  endpoint: Endpoint;
  answer(request: Request<Endpoint, P>): Promise<Reply<unknown>>;
}

/** Puts an endpoint and its answer together; `serveOcpi` makes a route of it in each edition. */
export function bind<P, E extends Endpoint>(endpoint: E, answer: (request: Request<E, P>) => Promise<Reply<Answer<E>>>): Binding<P> {
  const binding: { endpoint: Endpoint; answer(request: Request<E, P>): Promise<Reply<unknown>> } = { endpoint, answer };
  return binding;
}
