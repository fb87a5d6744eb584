import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OperatorApi } from './api/mount-api.ts';
import { isLoopback } from './config/operator-url.ts';
import type { Context } from './core/context.ts';

const NEEDS_A_KEY = `the metrics of a node that others can reach need a key: send "Authorization: Bearer KEY", which evenkeel keys add --scope view makes,
or give them an address of their own with listen_operator in the configuration
`;
/** Headers by which a proxy says that it asks for somebody else. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** Serves `/health` and `/metrics`. */
export function mountHealth(app: FastifyInstance, context: Context, callerOf: OperatorApi['callerOf']): void {
  const { metrics, health } = context;
  const ready = async (_request: FastifyRequest, reply: FastifyReply) => {
    const problems = await health.problems();
    return problems.length === 0 ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', problems });
  };
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', ready);
  app.get('/health', ready);
  app.get('/metrics', async (request, reply) => {
    const caller = isOpenTo(context, request) ? undefined : await callerOf(request);
    if (caller && !caller.ok) {
      context.journal.note({ step: 'api-access-refused', address: request.ip, why: caller.problem });
      return reply.code(401).header('WWW-Authenticate', 'Bearer realm="evenkeel"').type('text/plain; charset=utf-8').send(NEEDS_A_KEY);
    }
    metrics.ready.set((await health.problems()).length === 0 ? 1 : 0);
    return reply.type('text/plain; version=0.0.4').send(await metrics.text());
  });
}

/**
 * Whether a request may read the metrics without a key: at the address for operators; and at a node whose public URL is on its own
 * machine, from that machine. Behind a public URL elsewhere a loopback address says nothing, since a reverse proxy may run there.
 */
function isOpenTo({ config }: Pick<Context, 'config'>, { socket, headers }: FastifyRequest): boolean {
  if (config.listen_operator) return true;
  return isLoopback(new URL(config.public_url).hostname) && isLoopback(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined);
}
