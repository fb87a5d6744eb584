import type { IncomingMessage } from 'node:http';
import type { ModuleName } from '../faults.ts';
import type { PartnerReply, RoutedRequest } from '../recording-server.ts';
import type { PartnerRole } from '../registration.ts';
import { type Fields, fieldsOf, join, listOf, type PartnerAnswer, type PartyId, routingHeaders, send, textOf } from '../wire.ts';
import { type ClientInfo, partyName } from './client-info.ts';
import type { HubServer } from './hub-server.ts';

/** What a hub knows when it forwards a request. */
export interface HubState {
  self: PartnerRole;
  servers: readonly HubServer[];
  clients: ClientInfo;
  /** The names of parties that never answer. */
  timesOut: ReadonlySet<string>;
  /** Replaces each response_url by an address of the hub, so that platforms see only addresses of the hub. */
  rewritesAddresses: boolean;
  /** The owner of each session that the hub has forwarded, by session id, for requests without a receiver. */
  sessionOwners: Map<string, PartyId>;
  /** The original response_url behind each address of the hub, and the server of its platform. */
  resultAddresses: Map<string, { url: string; origin: HubServer }>;
}

type Headers = IncomingMessage['headers'];

/** A request of the platform behind `from`. */
interface Forwarding {
  hub: HubState;
  from: HubServer;
  module: ModuleName;
  request: RoutedRequest;
}

const ok = { http: 200 } as const;
const headerText = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '');

function partyIn(headers: Headers, direction: 'to' | 'from'): PartyId | undefined {
  const [country_code, party_id] = [headerText(headers[`ocpi-${direction}-country-code`]), headerText(headers[`ocpi-${direction}-party-id`])];
  return country_code && party_id ? { country_code, party_id } : undefined;
}

/** Forwards a request to its receiver and returns the receiver's answer (OCPI 2.2.1 §4.1.8, §5.1); rejects when the receiver's server fails. */
export async function forward(forwarding: Forwarding): Promise<PartnerReply> {
  const { hub, from, module, request } = forwarding;
  if (module === 'callback') return forwardResult(hub, request);
  const { headers, method } = request.request;
  const [role = '', ...rest] = request.segments;
  const named = partyIn(headers, 'to');
  if (named && partyName(named) === partyName(hub.self))
    return method === 'GET' && module === 'sessions' && role === 'sender' && rest.length === 0 ? collectSessions(forwarding) : { ...ok, code: 2001 };
  const to = named ?? openRoutingTarget(hub, request, rest);
  const receiver = to && hub.servers.find((it) => it !== from && it.parties().some((party) => partyName(party) === partyName(to)));
  if (!to || !receiver) return { ...ok, code: 4001 };
  if (hub.clients.stateOf(to) !== 'CONNECTED') return { ...ok, code: 4003 };
  if (hub.timesOut.has(partyName(to))) return { ...ok, code: 4002 };
  rememberOwner(hub, module, rest);
  const endpoint = receiver.endpoint(module, role === 'sender' ? 'SENDER' : 'RECEIVER');
  if (endpoint === undefined) return { ...ok, code: 4001 };
  const url = withQueryOf(join(endpoint, ...rest), request, (responseUrl) => hubAddressFor(hub, { responseUrl, from, receiver }));
  const body = fieldsOf(request.body);
  const responseUrl = textOf(body.response_url);
  const sent = responseUrl ? { ...body, response_url: hubAddressFor(hub, { responseUrl, from, receiver }) } : request.body;
  const answer = await sendVia(receiver, { method, url, headers, to, ...(request.request.body !== '' && { body: sent }) });
  return replyOf(answer, { to: partyIn(headers, 'from'), from: to });
}

/** The receiver of a request without one: the party of the token in a session, else the owner of the session in the path. */
function openRoutingTarget({ sessionOwners }: HubState, { body }: RoutedRequest, rest: readonly string[]): PartyId | undefined {
  const token = fieldsOf(fieldsOf(body).cdr_token);
  if (token.party_id !== undefined) return { country_code: textOf(token.country_code), party_id: textOf(token.party_id) };
  return sessionOwners.get(rest.at(-1) ?? '');
}

function rememberOwner({ sessionOwners }: HubState, module: ModuleName, [country_code, party_id, id]: readonly string[]): void {
  if (module === 'sessions' && country_code && party_id && id) sessionOwners.set(id, { country_code, party_id });
}

/** An address of the hub for the receiver to use instead of this response_url. */
function hubAddressFor(hub: HubState, { responseUrl, from, receiver }: { responseUrl: string; from: HubServer; receiver: HubServer }): string {
  if (!hub.rewritesAddresses) return responseUrl;
  const id = receiver.random.text(24);
  hub.resultAddresses.set(id, { url: responseUrl, origin: from });
  return join(receiver.server.url('callback'), id);
}

function withQueryOf(url: string, { query }: RoutedRequest, rewrite: (responseUrl: string) => string): string {
  const sent = new URLSearchParams(query);
  const responseUrl = sent.get('response_url');
  if (responseUrl !== null) sent.set('response_url', rewrite(responseUrl));
  return sent.size === 0 ? url : `${url}?${sent}`;
}

async function forwardResult(hub: HubState, { request, segments, body }: RoutedRequest): Promise<PartnerReply> {
  const address = hub.resultAddresses.get(segments[0] ?? '');
  if (!address) return { http: 404, code: 2000 };
  const to = partyIn(request.headers, 'to');
  if (to && hub.clients.stateOf(to) !== 'CONNECTED') return { ...ok, code: 4003 };
  return replyOf(await sendVia(address.origin, { method: 'POST', url: address.url, headers: request.headers, to, body }), {});
}

/** Sends a new request with the same sender, receiver and correlation id (OCPI 2.2.1 §4.2). */
function sendVia(
  receiver: HubServer,
  request: { method: string; url: string; headers: Headers; to: PartyId | undefined; body?: unknown },
): Promise<PartnerAnswer> {
  const { method, url, headers, to, body } = request;
  const correlation = headerText(headers['x-correlation-id']);
  return send({
    method,
    url,
    token: receiver.registration.requirePeer().token,
    headers: { ...routingHeaders({ to, from: partyIn(headers, 'from') }), ...(correlation && { 'X-Correlation-ID': correlation }) },
    ...(body !== undefined && { body }),
  });
}

/** Returns the receiver's answer unchanged; routing headers of the receiver take precedence over those derived from the request. */
function replyOf(answer: PartnerAnswer, routing: { to?: PartyId | undefined; from?: PartyId | undefined }): PartnerReply {
  const forwarded = ['link', 'x-total-count', 'x-limit', 'ocpi-to-country-code', 'ocpi-to-party-id', 'ocpi-from-country-code', 'ocpi-from-party-id'];
  const ofReceiver = Object.fromEntries(forwarded.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name) ?? '']] : [])));
  const derived = Object.fromEntries(Object.entries(routingHeaders(routing)).map(([name, value]) => [name.toLowerCase(), value]));
  const { status_code, data } = answer.envelope;
  return {
    http: answer.http,
    code: typeof status_code === 'number' ? status_code : 4000,
    ...(data !== undefined && { data }),
    headers: { ...derived, ...ofReceiver },
  };
}

/** Collects the sessions of all connected parties; each object names its owner (OCPI 2.2.1 §4.1.8, GET All via Hubs). */
async function collectSessions({ hub, from, request }: Forwarding): Promise<PartnerReply> {
  const { headers, method } = request.request;
  const lists = hub.servers.flatMap((server) => {
    const [to] = server.parties();
    const list = server === from ? undefined : server.endpoint('sessions', 'SENDER');
    return list !== undefined && to && hub.clients.stateOf(to) === 'CONNECTED' ? [{ server, to, list }] : [];
  });
  const items: Fields[] = [];
  for (const { server, to, list } of lists) {
    const answer = await sendVia(server, { method, url: withQueryOf(list, request, (responseUrl) => responseUrl), headers, to });
    items.push(...listOf(answer.data));
  }
  return {
    ...ok,
    code: 1000,
    data: items,
    headers: { 'x-total-count': String(items.length), ...routingHeaders({ to: partyIn(headers, 'from'), from: hub.self }) },
  };
}
