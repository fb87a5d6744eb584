import type { FastifyRequest } from 'fastify';
import type { Authenticate, Caller } from './binding.ts';
import { type MessageIds, presentedTokens } from './headers.ts';

/** The peer that sent a request and the ids of the request, known before the body is read. */
export interface RequestHead<P> extends MessageIds {
  caller: Caller<P>;
}

/** Whether the headers of a request announce a body. */
export function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * Finds the peer that the Authorization header authenticates; undefined means HTTP 401 (TRN-07, TRN-08).
 * A TOKEN_A counts only where `acceptsTokenA` is true (TRN-09).
 */
export async function findCaller<P>(request: FastifyRequest, acceptsTokenA: boolean, authenticate: Authenticate<P>): Promise<Caller<P> | undefined> {
  const tokens = presentedTokens(request.headers.authorization);
  if (tokens.length === 0) return undefined;
  const caller = await authenticate(tokens, request.ip);
  return caller?.scope === 'REGISTRATION' && !acceptsTokenA ? undefined : caller;
}
