import { partyKey } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Binding } from './binding.ts';
import { internalError, invalid, notAllowed, type Reply } from './envelope.ts';
import { type PartyName, printRouting, type Routing, readRouting } from './headers.ts';
import { pageHeaders } from './paging.ts';
import type { Deviation } from './patience/kinds.ts';
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
  /** What was read with patience. */
  deviations: readonly Deviation[];
  /** The error that the binding threw: a fault of this node. */
  error?: unknown;
}

type Handler<P> = (incoming: IncomingRequest<P>, routing: Routing) => Promise<AnsweredRequest>;

/** The server that a path belongs to: its address, and the parties that it hosts; without parties every receiver counts as hosted. */
interface Host {
  publicUrl: () => string;
  parties?: readonly PartyName[];
}

/** Returns a function that answers every request to one path, whatever its method. */
export function requestHandler<P>(served: ServedPath<P>, { publicUrl, parties }: Host): (incoming: IncomingRequest<P>) => Promise<AnsweredRequest> {
  const handlers = new Map([...served.methods].map(([method, binding]) => [method, handlerOf(served, binding)]));
  return async (incoming) => {
    // RTE-02: credentials and versions have no routing headers
    const routing: Result<Routing> = served.functional ? readRouting(incoming.headers) : ok({});
    if (!routing.ok) return { reply: invalid(routing.problem), deviations: [] };
    const handler = handlers.get(incoming.method);
    const answered = handler ? await handler(incoming, routing.value) : { reply: wrongMethod(served, incoming.method), deviations: [] };
    const { reply } = answered;
    const headers = {
      ...(reply.page && pageHeaders({ url: publicUrl() + served.path, ...reply.page })),
      ...(reply.status === 405 && { Allow: otherMethods(served, incoming.method) }),
      ...printRouting(answerRouting(routing.value, reply.from ?? sender(routing.value.to, parties))),
      ...reply.headers,
    };
    return { ...answered, reply: { ...reply, headers } };
  };
}

const wrongMethod = <P>(served: ServedPath<P>, method: string) => notAllowed(`method: found ${method}, allowed: ${otherMethods(served, method)}`);

/** The party that answers: the receiver of the request, or one of ours when the request names a party that is not hosted here. */
const sender = (to: PartyName | undefined, parties: readonly PartyName[] | undefined): PartyName | undefined =>
  to === undefined || parties === undefined || parties.some((it) => isSameParty(it, to)) ? to : parties[0];
const isSameParty = (a: PartyName, b: PartyName) => partyKey(a.countryCode, a.partyId) === partyKey(b.countryCode, b.partyId);

/** Swaps sender and receiver (RTE-05). With open routing the sender is the party that answered (RTE-07). */
const answerRouting = ({ to, from }: Routing, answeredBy: Routing['from']): Routing => ({
  ...(from && { to: from }),
  ...((answeredBy ?? to) && { from: answeredBy ?? to }),
});

function handlerOf<P>(served: ServedPath<P>, binding: Binding<P>): Handler<P> {
  const read = messageReader(binding.endpoint, served.edition, served.path);
  return async (incoming, routing) => {
    const message = read(incoming);
    if (!message.ok) return { reply: message.problem, deviations: [] };
    const { deviations, ...parts } = message.value;
    const { caller, requestId, correlationId } = incoming.head;
    const request = { ...parts, peer: caller.peer, caller, edition: served.edition, url: incoming.url, headers: { requestId, correlationId, ...routing } };
    try {
      return { reply: await binding.answer(request), deviations };
    } catch (error) {
      return { reply: internalError(), deviations, error };
    }
  };
}
