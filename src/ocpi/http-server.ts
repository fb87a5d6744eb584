import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import { endWith } from '../sockets/connection-guard.ts';
import { type HttpStatus, internalError, printEnvelope, type Reply, unknownPath } from './envelope.ts';
import { printIds, readIds } from './headers.ts';

/**
 * Options of an HTTP server for OCPI: slow senders are disconnected (SEC-23), parsing is strict (SEC-21), path parameters of
 * 36 encoded characters fit, and requests that the server itself refuses are answered in the envelope (TRN-38).
 */
export const httpServerOptions = (clock: Clock): FastifyHttpOptions<Server> => ({
  bodyLimit: 256 * 1024,
  requestTimeout: 20_000,
  keepAliveTimeout: 30_000,
  return503OnClosing: false,
  exposeHeadRoutes: false,
  routerOptions: { maxParamLength: 1024 },
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16 * 1024, insecureHTTPParser: false, requireHostHeader: false },
  clientErrorHandler: (error, socket) => refuseRaw(error.code, socket, clock),
  frameworkErrors: (error, request, reply) => {
    const answer = replyToError(error);
    const body = printEnvelope(answer, clock.now());
    reply.hijack();
    reply.raw.writeHead(answer.status, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      ...printIds(readIds(request.headers)),
    });
    reply.raw.end(body);
  },
});

/** Answers an unknown `Expect` header with 417 in an envelope; Node's own answer has an empty body. */
export function answerExpectations(server: Server, clock: Clock): void {
  server.on('checkExpectation', (_request, response) => {
    const body = printEnvelope({ status: 417, code: 2000, message: 'Expect: found an unknown expectation, allowed: 100-continue' }, clock.now());
    response.writeHead(417, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), Connection: 'close' }).end(body);
  });
}

const statusOf = (error: unknown): unknown => (typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined);

/** The reply to a request that the HTTP server refused, or whose handling failed. */
export function replyToError(error: unknown): Reply<never> {
  switch (statusOf(error)) {
    case 413:
      return { status: 413, code: 2000, message: 'body: found more than 256 kB, allowed: at most 256 kB' };
    case 414:
      return { status: 414, code: 2000, message: 'path: found a parameter that is too long, allowed: at most 1024 characters as encoded' };
    case 415:
      return { status: 415, code: 2000, message: 'Content-Type: found another type, allowed: application/json' };
    case 400:
      return { status: 400, code: 2000, message: 'Bad request: found a broken URL or Content-Length' };
    case 404:
      return unknownPath();
    default:
      return internalError();
  }
}

const rawStatus: Readonly<Record<string, HttpStatus>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
const reasons: Readonly<Partial<Record<HttpStatus, string>>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/** Bytes that are not an HTTP request reach no route: they are answered on the socket itself, which is then closed. */
function refuseRaw(code: string | undefined, socket: Socket, clock: Clock): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = rawStatus[code ?? ''] ?? 400;
  const body = printEnvelope({ status, code: 2000, message: reasons[status] ?? 'Bad Request' }, clock.now());
  const head = [`HTTP/1.1 ${status} ${reasons[status]}`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  endWith(socket, `${head.join('\r\n')}\r\n\r\n${body}`, clock);
}
