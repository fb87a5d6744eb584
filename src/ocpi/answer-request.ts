import { ok } from '../domain/result.ts';
import type { Binding } from './binding.ts';
import { internalError, invalid, notAllowed, type Reply } from './envelope.ts';
import { printRouting, type Routing, readRouting } from './headers.ts';
import { pageHeaders } from './paging.ts';
import { messageReader, type RawMessage } from './read-message.ts';
import type { RequestHead } from './request-head.ts';
import { otherMethods, type ServedPath } from './routes.ts';

/** A request of an authenticated peer, before its path, query and body are checked. */
export interface IncomingRequest<P> extends RawMessage {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  head: RequestHead<P>;
}

/** The reply to a request, and what the log records about it. */
export interface AnsweredRequest {
  reply: Reply<unknown>;
  /** The body had known deviations from OCPI, which were corrected. */
  corrected: boolean;
  /** The error that the binding threw: a fault of this node. */
  error?: unknown;
}

type Handler<P> = (incoming: IncomingRequest<P>, routing: Routing) => Promise<AnsweredRequest>;

/** Returns a function that answers every request to one path, whatever its method. */
export function requestHandler<P>(served: ServedPath<P>, publicUrl: () => string): (incoming: IncomingRequest<P>) => Promise<AnsweredRequest> {
  const handlers = new Map([...served.methods].map(([method, binding]) => [method, handlerOf(served, binding)]));
  return async (incoming) => {
    // RTE-02: credentials and versions have no routing headers
    const routing = served.functional ? readRouting(incoming.headers) : ok({});
    if (!routing.ok) return { reply: invalid(routing.problem), corrected: false };
    const handler = handlers.get(incoming.method);
    const answered = handler ? await handler(incoming, routing.value) : { reply: wrongMethod(served, incoming.method), corrected: false };
    const { reply } = answered;
    const headers = {
      ...(reply.page && pageHeaders({ url: publicUrl() + served.path, ...reply.page })),
      ...(reply.status === 405 && { Allow: otherMethods(served, incoming.method) }),
      ...printRouting(answerRouting(routing.value, reply.from)),
      ...reply.headers,
    };
    return { ...answered, reply: { ...reply, headers } };
  };
}

const wrongMethod = <P>(served: ServedPath<P>, method: string) => notAllowed(`method: found ${method}, allowed: ${otherMethods(served, method)}`);

/** Swaps sender and receiver (RTE-05). With open routing the sender is the party that answered (RTE-07). */
const answerRouting = ({ to, from }: Routing, answeredBy: Routing['from']): Routing => ({
  ...(from && { to: from }),
  ...((answeredBy ?? to) && { from: answeredBy ?? to }),
});

function handlerOf<P>(served: ServedPath<P>, binding: Binding<P>): Handler<P> {
  const read = messageReader(binding.endpoint, served.edition, served.path);
  return async (incoming, routing) => {
    const message = read(incoming);
    if (!message.ok) return { reply: message.problem, corrected: false };
    const { corrected, ...parts } = message.value;
    const { caller, requestId, correlationId } = incoming.head;
    const request = { ...parts, peer: caller.peer, caller, edition: served.edition, url: incoming.url, headers: { requestId, correlationId, ...routing } };
    try {
      return { reply: await binding.answer(request), corrected };
    } catch (error) {
      return { reply: internalError(), corrected, error };
    }
  };
}
