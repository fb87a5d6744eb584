import { ok } from '../domain/result.ts';
import type { Binding } from './binding.ts';
import { invalid, notAllowed, type Reply, refused } from './envelope.ts';
import { printRouting, type Routing, readRouting } from './headers.ts';
import { pageHeaders } from './paging.ts';
import { messageReader, type RawMessage } from './read-message.ts';
import type { RequestHead } from './request-head.ts';
import { otherMethods, type ServedPath } from './routes.ts';

/** A request whose sender is known. */
export interface IncomingRequest<P> extends RawMessage {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  entry: RequestHead<P>;
}

/** The reply to a request, and what of it is worth a line in the log. */
export interface AnsweredRequest {
  reply: Reply<unknown>;
  /** Patience was needed to read the request. */
  corrected: boolean;
  /** What was thrown while answering: a fault of ours. */
  error?: unknown;
}

/** Answers the requests to one path, whatever their method. */
export function requestHandler<P>(place: ServedPath<P>, publicUrl: () => string): (incoming: IncomingRequest<P>) => Promise<AnsweredRequest> {
  const desks = new Map([...place.methods].map(([method, binding]) => [method, deskOf(place, binding)]));
  return async (incoming) => {
    // RTE-02: credentials and versions know no routing
    const routing = place.functional ? readRouting(incoming.headers) : ok({});
    if (!routing.ok) return { reply: invalid(routing.problem), corrected: false };
    const desk = desks.get(incoming.method);
    const answered = desk ? await desk(incoming, routing.value) : { reply: notAllowed(`${incoming.method} is not offered here`), mended: false };
    const { reply } = answered;
    const headers = {
      ...(reply.page && pageHeaders({ url: publicUrl() + place.path, ...reply.page })),
      ...(reply.status === 405 && { Allow: otherMethods(place, incoming.method) }),
      ...printRouting(turned(routing.value, reply.from)),
      ...reply.headers,
    };
    return { ...answered, reply: { ...reply, headers } };
  };
}

/** RTE-05: the answer is for the one who asked, from the one who was asked, or from the party that open routing found (RTE-07). */
const turned = ({ to, from }: Routing, answeredBy: Routing['from']): Routing => ({
  ...(from && { to: from }),
  ...((answeredBy ?? to) && { from: answeredBy ?? to }),
});

function deskOf<P>(place: ServedPath<P>, binding: Binding<P>): (incoming: IncomingRequest<P>, routing: Routing) => Promise<AnsweredRequest> {
  const read = messageReader(binding.endpoint, place.edition, place.path);
  return async (incoming, routing) => {
    const message = read(incoming);
    if (!message.ok) return { reply: message.problem, corrected: false };
    const { corrected, ...parts } = message.value;
    const { caller, requestId, correlationId } = incoming.entry;
    const asked = { ...parts, peer: caller.peer, caller, edition: place.edition, url: incoming.url, headers: { requestId, correlationId, ...routing } };
    try {
      return { reply: await binding.answer(asked), corrected };
    } catch (error) {
      return { reply: refused(3000, 'Something went wrong on this side'), corrected, error };
    }
  };
}
