import type { FastifyRequest } from 'fastify';
import type { Authenticate, Caller } from './binding.ts';
import { type MessageIds, presentedTokens } from './headers.ts';

/** Who sent a request and the ids that it goes by; known before its body is read. */
export interface RequestHead<P> extends MessageIds {
  caller: Caller<P>;
}

/** Whether the headers announce a body. */
export function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Whom the Authorization header proves the sender to be; a TOKEN_A proves nothing but where it opens (TRN-07, TRN-08, TRN-09). */
export async function findCaller<P>(request: FastifyRequest, forInvited: boolean, authenticate: Authenticate<P>): Promise<Caller<P> | undefined> {
  const tokens = presentedTokens(request.headers.authorization);
  if (tokens.length === 0) return undefined;
  const caller = await authenticate(tokens, request.ip);
  return caller?.scope === 'REGISTRATION' && !forInvited ? undefined : caller;
}
