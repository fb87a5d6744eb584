import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate, Caller } from './binding.ts';
import { presentedTokens, readId } from './headers.ts';

/** Who sent a request and the ids that it goes by; known before its body is read. */
export interface Entry<P> {
  requestId: string;
  correlationId: string;
  caller: Caller<P>;
}

/** The two ids of a request, its own or new ones, at once put on the reply too (TRN-46, TRN-47). */
export function takeIds(request: FastifyRequest, reply: FastifyReply): { requestId: string; correlationId: string } {
  const requestId = readId(request.headers['x-request-id']) ?? randomUUID();
  const correlationId = readId(request.headers['x-correlation-id']) ?? randomUUID();
  reply.header('X-Request-ID', requestId).header('X-Correlation-ID', correlationId);
  return { requestId, correlationId };
}

/** Whether the headers announce a body. */
export function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Whom the Authorization header proves the sender to be; a TOKEN_A proves nothing at functional modules (TRN-07, TRN-08, TRN-09). */
export async function findCaller<P>(request: FastifyRequest, functional: boolean, authenticate: Authenticate<P>): Promise<Caller<P> | undefined> {
  const tokens = presentedTokens(request.headers.authorization);
  if (tokens.length === 0) return undefined;
  const caller = await authenticate(tokens, request.ip);
  return caller?.scope === 'REGISTRATION' && functional ? undefined : caller;
}
