import { readFileSync } from 'node:fs';
import fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import { httpServerOptions } from '../ocpi/http-server.ts';
import { refuseUnread } from './api/reply.ts';
import { API } from './api/route.ts';
import type { Config } from './config/config.ts';

/** A port that cannot be had, with the option that names another. */
export class PortTaken extends Error {
  readonly address: string;
  readonly option: string;

  constructor(address: string, option: string) {
    super(`${address} is in use: choose another with ${option}`);
    this.address = address;
    this.option = option;
  }
}

/** The HTTP server of a node, before it has routes. */
export function createApp(listen: Config['listen'], clock: Clock): FastifyInstance {
  const { http, ...ocpi } = httpServerOptions(clock);
  const options = { ...ocpi, frameworkErrors: errorsByDoor(ocpi.frameworkErrors) };
  if (!listen.tls) return closingWell(fastify({ ...options, http: { ...http } }));
  const tls = { cert: readFileSync(listen.tls.cert), key: readFileSync(listen.tls.key), minVersion: 'TLSv1.2' } as const;
  // Fastify types its instance by its server; nothing here depends on which one it is.
  return closingWell(fastify({ ...options, https: { ...http, ...tls } } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance);
}

/** A stop closes what is idle; what is answered after that must not stay open for another request, or the stop waits for it. */
function closingWell(app: FastifyInstance): FastifyInstance {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('Connection', 'close');
  });
  return app;
}

type FrameworkErrors = ReturnType<typeof httpServerOptions>['frameworkErrors'];
/** An address that cannot even be read is refused in the words of the door that it knocks at. */
const errorsByDoor =
  (ocpi: FrameworkErrors): NonNullable<FrameworkErrors> =>
  (error, request, reply) => {
    if (!request.url.startsWith(`${API}/`)) return ocpi?.(error, request, reply);
    reply.hijack();
    refuseUnread(reply.raw, error);
  };

/** Begins to listen, and says on which port. */
export async function listenOn(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<number> {
  await portOr(app.listen({ host, port }), `${host}:${port}`, 'listen.port');
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Names the option when a port is taken. */
export async function portOr<T>(opening: Promise<T>, address: string, option: string): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) throw new PortTaken(address, option);
    throw error;
  }
}
