import { type AnswerHeaders, headerOf } from '../../delivery/guard/answer.ts';
import { partyName } from '../../domain/ids.ts';
import { endpointOf, hubOf } from '../../domain/party.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import { type Edition, isEdition } from '../../ocpi/editions.ts';
import type { Transport } from '../../ocpi/transport.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** Limits of the requests to one peer; absent: the limits of the guarded client. */
interface RequestLimits {
  withinMs?: number;
  maxBodyBytes?: number;
  /** `finish`: a request under way is not cut off when the node stops, since it can be sent only once. */
  atStop?: 'finish';
}

/** Sends requests to one peer by the guarded client, only to its registered origins (SEC-01, SEC-06). */
export const transportTo =
  ({ client, work }: Pick<Context, 'client' | 'work'>, peer: { id: string; originSet: ReadonlySet<string> }, limits: RequestLimits = {}): Transport =>
  async ({ method, url, headers, body }) => {
    const answer = await client.request({
      peer: peer.id,
      origins: peer.originSet,
      method: verbs[method] ?? 'GET',
      url,
      headers,
      ...(body !== undefined && { body }),
      ...(limits.atStop !== 'finish' && { signal: work.cutOff }),
      ...(limits.withinMs !== undefined && { totalTimeoutMs: limits.withinMs }),
      ...(limits.maxBodyBytes !== undefined && { maxBodyBytes: limits.maxBodyBytes }),
    });
    if (answer.is === 'FAILED') return answer;
    return { ...answer, headers: readHeaders(answer.headers) };
  };
/** The response headers that this node uses. */
const USED_HEADERS = ['link', 'x-total-count', 'x-limit'];
function readHeaders(headers: AnswerHeaders): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name of USED_HEADERS) {
    const value = headerOf(headers, name);
    if (value !== undefined) read[name] = value;
  }
  return read;
}
const verbs: Readonly<Record<string, 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'>> = { GET: 'GET', PUT: 'PUT', POST: 'POST', PATCH: 'PATCH', DELETE: 'DELETE' };

/** What a client for a peer needs. */
type ClientContext = Pick<Context, 'client' | 'work' | 'patience' | 'metrics' | 'contacts' | 'traces'>;

/** Counts the requests of a client by their outcome. */
export const countSent =
  ({ metrics }: Pick<Context, 'metrics'>): NonNullable<PeerClient['count']> =>
  (module, outcome) =>
    metrics.sent.inc({ module, outcome });

/** The client for a registered peer, with its current token; undefined when the registration has ended (CRE-16). */
export function clientTo(context: ClientContext, peer: KnownPeer, limits: RequestLimits = {}): PeerClient | undefined {
  const text = peer.status === 'REGISTERED' ? peer.token() : undefined;
  if (text === undefined || peer.edition === undefined || !isEdition(peer.edition)) return undefined;
  const hub = hubOf(peer.ownRoles);
  const token = { text, style: peer.tokenStyle };
  const patience = context.patience.with(peer);
  const transport = transportTo(context, peer, limits);
  return {
    transport: context.traces?.around(transport, peer.id) ?? transport,
    edition: peer.edition,
    token,
    patience,
    count: (module, outcome, httpStatus) => {
      context.metrics.sent.inc({ module, outcome });
      context.contacts.note(peer.id, outcome, httpStatus);
    },
    ...(hub && { hub: partyName(hub) }),
  };
}

/** One module of a registered peer: the peer, the client for it, and the URL of the module. */
export interface ModuleClient {
  peer: KnownPeer;
  client: PeerClient;
  base: string;
}

/** The client for one module of a peer; undefined when there is no such peer, it is not registered any more, or it does not offer the module in that role. */
export function clientFor(
  context: ClientContext,
  peer: KnownPeer | undefined,
  { module, role, ...limits }: { module: string; role: 'SENDER' | 'RECEIVER' } & RequestLimits,
): ModuleClient | undefined {
  const client = peer && clientTo(context, peer, limits);
  const base = peer && endpointOf(peer, module, role);
  return peer && client && base !== undefined ? { peer, client, base } : undefined;
}

/** A forwarded request waits at most this long for its answer, because its sender waits too (how-a-request-runs §8). */
export const FORWARD_MS = 8_000;

/** The edition of OCPI that a peer and this node use. */
export const editionOf = (peer: Pick<KnownPeer, 'edition'>): Edition => (peer.edition !== undefined && isEdition(peer.edition) ? peer.edition : '2.2.1');
