import fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import { httpServerOptions } from '../ocpi/http-server.ts';
import { guardConnections } from '../sockets/connection-guard.ts';
import { boundedByOpenFiles } from '../sockets/open-files.ts';
import { reportTlsFailures } from '../sockets/tls-failures.ts';
import { readTlsFiles } from '../sockets/tls-files.ts';
import { addressIn } from '../sockets/trusted-proxies.ts';
import { refuseUnread } from './api/reply.ts';
import { API } from './api/route.ts';
import type { Config } from './config/config.ts';
import type { Log } from './core/log.ts';
import type { RunningWork } from './core/running-work.ts';

/** A port that is in use or forbidden, with the configuration key to change it. */
export class PortTaken extends Error {
  readonly address: string;
  readonly option: string;

  constructor(address: string, option: string) {
    super(`${address} is in use: choose another with ${option}`);
    this.address = address;
    this.option = option;
  }
}

/** What an HTTP server needs. */
interface ServerContext {
  clock: Clock;
  work: RunningWork;
  log: Log;
  /** The key of the configuration that the server is made of. */
  option: 'listen' | 'listen_operator';
}

/** Creates an HTTP server of a node, without routes. */
export function createApp(listen: Config['listen'], { clock, work, log, option }: ServerContext): FastifyInstance {
  const { http, ...ocpi } = httpServerOptions(clock);
  const proxies = listen.trusted_proxies;
  const options = { ...ocpi, frameworkErrors: errorsByInterface(ocpi.frameworkErrors), ...(proxies.length > 0 && { trustProxy: proxies }) };
  if (!listen.tls) return guarded(awaited(fastify({ ...options, http: { ...http } }), work), listen, clock);
  const tls = { ...readTlsFiles(`${option}.tls`, listen.tls), minVersion: 'TLSv1.2' } as const;
  // The type of a Fastify instance depends on its server; no code here does.
  const app = fastify({ ...options, https: { ...http, ...tls } } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance;
  reportTlsFailures(app.server, clock, (failure) => log('warn', 'tls-failed', { port: listen.port, ...failure }));
  return guarded(awaited(app, work), listen, clock);
}

/** Lets the stop wait for the handlers of requests, also of those whose client has gone. */
function awaited(app: FastifyInstance, work: RunningWork): FastifyInstance {
  return app.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const answer: unknown = handler.call(this, request, reply);
      return answer instanceof Promise ? work.run(`${request.method} ${route.url}`, () => answer) : answer;
    };
  });
}

/** Bounds the connections of the server, and ends them when it stops: an answered one too, or the stop waits for its next request. */
function guarded(app: FastifyInstance, { connections, trusted_proxies }: Config['listen'], clock: Clock): FastifyInstance {
  const limits = { total: boundedByOpenFiles(connections.total), perAddress: connections.per_address, isProxy: addressIn(trusted_proxies) };
  const guard = guardConnections(app.server, { clock, limits });
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    guard.stop();
    done();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('Connection', 'close');
  });
  return app;
}

type FrameworkErrors = ReturnType<typeof httpServerOptions>['frameworkErrors'];
/** An unreadable URL gets an error in the format of OCPI or of the operator API. */
const errorsByInterface =
  (ocpi: FrameworkErrors): NonNullable<FrameworkErrors> =>
  (error, request, reply) => {
    if (!request.url.startsWith(`${API}/`)) return ocpi?.(error, request, reply);
    reply.hijack();
    refuseUnread(reply.raw, error);
  };

/** Starts to listen; resolves with the port. Rejects with PortTaken, which names the `option`. */
export async function listenOn(app: FastifyInstance, { host, port }: { host: string; port: number }, option: string): Promise<number> {
  await portOr(app.listen({ host, port }), `${host}:${port}`, option);
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Replaces the error of a port that is in use by one that names the configuration key. */
export async function portOr<T>(opening: Promise<T>, address: string, option: string): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) throw new PortTaken(address, option);
    throw error;
  }
}
