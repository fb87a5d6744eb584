import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasBody } from '../../ocpi/request-head.ts';
import { printRefusal, type Refusal } from './refusal.ts';

/** Most bytes of the body of a request (SEC-17). */
export const LARGEST_BODY = 256 * 1024;

export const sendJson = (reply: FastifyReply, text: string): FastifyReply =>
  reply.header('Content-Type', 'application/json; charset=utf-8').header('Cache-Control', 'no-store').header('X-Content-Type-Options', 'nosniff').send(text);

export const sendRefusal = (reply: FastifyReply, refusal: Refusal): FastifyReply => {
  if (refusal.retryAfter !== undefined) reply.header('Retry-After', refusal.retryAfter);
  return sendJson(reply.code(refusal.status), printRefusal(refusal));
};

/** Closes the connection after the reply when the body of the request is not read. */
export const closeUnread = (request: FastifyRequest, reply: FastifyReply): FastifyReply => (hasBody(request) ? reply.header('Connection', 'close') : reply);

export const failed: Refusal = { status: 500, code: 'FAILED', message: 'internal error: the log of the node has the details' };

export const methodNotAllowed = (method: string, allowed: readonly string[]): Refusal => ({
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: `${method} is not offered here, allowed: ${allowed.join(', ')}`,
  allowed: allowed.join(', '),
});

/** The refusal for an error of the HTTP server or of an answer; `bodyLimit`: most bytes of a body on this route. */
export function refusalOf(error: unknown, bodyLimit = LARGEST_BODY): Refusal {
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  const allowed = `at most ${bodyLimit / 1024} kB`;
  if (status === 413) return { status, code: 'TOO_LARGE', message: `the body is too long, allowed: ${allowed}`, field: 'body', allowed };
  if (status === 415) return { status, code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Content-Type: allowed is application/json' };
  if (typeof status === 'number' && status >= 400 && status < 500)
    return { status: 400, code: 'INVALID', message: 'the request cannot be read: check its URL and headers' };
  return failed;
}

/** Refuses a request whose URL cannot be read, so that no route is found for it. */
export function refuseUnread(response: ServerResponse, error: unknown): void {
  const refusal = refusalOf(error);
  response.writeHead(refusal.status, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
  response.end(printRefusal(refusal));
}
