import type { Edition } from './editions.ts';
import type { Answer, Body, Endpoint, Params, Query } from './endpoint.ts';
import type { Reply } from './envelope.ts';
import type { PresentedToken, Routing } from './headers.ts';

/** The authenticated sender of a request. */
export interface Caller<P> {
  peer: P;
  /** `REGISTRATION`: the sender used a TOKEN_A, which opens versions and credentials only (TRN-09). */
  scope: 'REGISTRATION' | 'ALL';
  /** The presented token that was valid; GET credentials returns it. */
  token: PresentedToken;
}

/**
 * Finds the peer that one of these tokens belongs to; the most likely reading of the header comes first, `address` is the sender's IP address.
 * Undefined means HTTP 401 (TRN-08).
 */
export type Authenticate<P> = (tokens: readonly PresentedToken[], address: string) => Caller<P> | undefined | Promise<Caller<P> | undefined>;

/** The ids and the routing headers of a request. */
export interface RequestHeaders extends Routing {
  requestId: string;
  correlationId: string;
}

/** One request that was checked against the schemas of its endpoint. */
export interface Request<E extends Endpoint, P> {
  peer: P;
  caller: Caller<P>;
  edition: Edition;
  params: Params<E>;
  query: Query<E>;
  body: Body<E>;
  headers: RequestHeaders;
  /** Path and query exactly as received. */
  url: string;
  /** The body exactly as received, empty when there was none. It tells a repeated request from a reused id (SEC-13). */
  text: string;
}

/** One endpoint and the function that answers its requests. */
export interface Binding<P> {
  endpoint: Endpoint;
  answer(request: Request<Endpoint, P>): Promise<Reply<unknown>>;
}

/** Joins an endpoint and its answer function; `serveOcpi` creates a route for the binding in each edition. */
export function bind<P, E extends Endpoint>(endpoint: E, answer: (request: Request<E, P>) => Promise<Reply<Answer<E>>>): Binding<P> {
  const binding: { endpoint: Endpoint; answer(request: Request<E, P>): Promise<Reply<unknown>> } = { endpoint, answer };
  return binding;
}
