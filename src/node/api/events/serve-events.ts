import type { FastifyReply, FastifyRequest } from 'fastify';
import { ok, type Result } from '../../../domain/result.ts';
import type { Context } from '../../core/context.ts';
import type { Caller } from '../authenticate.ts';
import { readRequest } from '../read-request.ts';
import { invalid, quote, type Refusal, refuse } from '../refusal.ts';
import { failed, sendRefusal } from '../reply.ts';
import type { EventLog } from './event-log.ts';
import { streamEvents } from './event-stream.ts';
import { followEvents } from './routes.ts';

/** Most streams of events that are open at once (SEC-42). */
const MOST_STREAMS = 100;
/** s until another one may be free. */
const RETRY_S = 30;

interface Dependencies {
  context: Pick<Context, 'clock' | 'work' | 'reportError'>;
  log: EventLog;
  /** The open streams; each has an entry while it is open. */
  streams: Set<AbortController>;
  authorize(request: FastifyRequest): Result<Caller, Refusal>;
}

/** Handles `GET events`. */
export function eventHandler({ context, log, streams, authorize }: Dependencies): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const caller = authorize(request);
    if (!caller.ok) return sendRefusal(reply, caller.problem);
    const checked = readRequest(followEvents, { url: request.url, contentType: undefined, body: undefined });
    const after = checked.ok ? lastReceived(request.headers['last-event-id'], Object(checked.value.query)) : checked;
    if (!after.ok) return sendRefusal(reply, after.problem);
    if (streams.size >= MOST_STREAMS)
      return sendRefusal(reply, {
        ...refuse(429, 'TOO_MANY_STREAMS', `${MOST_STREAMS} streams of events are open, which is the maximum: close one and try again`).problem,
        retryAfter: RETRY_S,
      });
    const ending = new AbortController();
    streams.add(ending);
    try {
      const position = await log.position(after.value);
      reply.hijack();
      await streamEvents(reply.raw, ending, { clock: context.clock, work: context.work, log, position, isAuthenticated: caller.value.isValid });
    } catch (error) {
      context.reportError('stream of events', error);
      if (!reply.sent) return sendRefusal(reply, failed);
      reply.raw.destroy();
    } finally {
      streams.delete(ending);
    }
    return reply;
  };
}

/** The number of the last received event. A reader that reconnects sends it in the header; its URL still has the number of the first request. */
function lastReceived(header: string | string[] | undefined, query: { after?: number }): Result<number | undefined, Refusal> {
  if (header === undefined || header === '') return ok(query.after);
  return typeof header === 'string' && /^\d{1,15}$/.test(header)
    ? ok(Number(header))
    : invalid('Last-Event-ID', `Last-Event-ID: found ${quote(String(header))}, allowed: the number of an event, in digits`, 'digits');
}
