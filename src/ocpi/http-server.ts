import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import { type HttpStatus, printEnvelope, type Reply, refused } from './envelope.ts';
import { idsOf, printIds } from './headers.ts';

/**
 * How an HTTP server must be set up to carry OCPI: slow senders are dropped (SEC-23), nothing lax is parsed (SEC-21),
 * ids of 36 encoded characters fit, and even what the server itself refuses comes in the envelope (TRN-38).
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
    reply.raw.writeHead(answer.status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...printIds(idsOf(request.headers)) });
    reply.raw.end(body);
  },
});

/** Node answers an `Expect` that it does not know by itself, with nothing inside. */
export function answerExpectations(server: Server, clock: Clock): void {
  server.on('checkExpectation', (_request, response) => {
    const body = printEnvelope({ status: 417, code: 2000, message: 'Expect: allowed is 100-continue' }, clock.now());
    response.writeHead(417, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), Connection: 'close' }).end(body);
  });
}

const statusOf = (error: unknown): unknown => (typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined);

/** What the sender of a request is told that the server could not take in, or that went wrong on this side. */
export function replyToError(error: unknown): Reply<never> {
  switch (statusOf(error)) {
    case 413:
      return { status: 413, code: 2000, message: 'The body is longer than 256 kB' };
    case 414:
      return { status: 414, code: 2000, message: 'The address is too long' };
    case 415:
      return { status: 415, code: 2000, message: 'Content-Type: allowed is application/json' };
    case 400:
      return { status: 400, code: 2000, message: 'Bad request' };
    case 404:
      return { status: 404, code: 2000, message: 'No such address' };
    default:
      return refused(3000, 'Something went wrong on this side');
  }
}

const rawStatus: Readonly<Record<string, HttpStatus>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
const reasons: Readonly<Partial<Record<HttpStatus, string>>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/** Bytes that are no HTTP request never reach a route; they are answered on the bare socket, and it is closed. */
function refuseRaw(code: string | undefined, socket: Socket, clock: Clock): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = rawStatus[code ?? ''] ?? 400;
  const body = printEnvelope({ status, code: 2000, message: reasons[status] ?? 'Bad Request' }, clock.now());
  const head = [`HTTP/1.1 ${status} ${reasons[status]}`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
