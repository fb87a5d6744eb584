import { randomUUID } from 'node:crypto';
import type { TSchema } from 'typebox';
import { partyKey } from '../domain/ids.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { EpochMillis } from '../domain/units.ts';
import { type Edition, inEdition, type MaybePerEdition } from './editions.ts';
import {
  type Answer,
  type Body,
  type Endpoint,
  isFunctional,
  mayBeAbsent,
  mayBeBroadcast,
  nothing,
  type Params,
  type Query,
  type ResultBody,
} from './endpoint.ts';
import { type PartyName, type PresentedToken, printAuthorization, printIds, printRouting, type Routing } from './headers.ts';
import { paramsSchema } from './path-params.ts';
import type { Deviation } from './patience/kinds.ts';
import { type PeerAnswer, readAnswer } from './peer-answer.ts';
import { problemWith } from './problem.ts';
import type { HttpAnswer, OutgoingRequest, Transport } from './transport.ts';

/** What is needed to send messages to one peer: the transport, the edition that both use, the token to show. */
export interface PeerClient {
  transport: Transport;
  edition: Edition;
  token: PresentedToken;
  /** The hub's own party when the peer is a hub. Only a GET of a list may be addressed to it (RTE-08, RTE-10, RTE-13). */
  hub?: PartyName;
  /** Absent: the peer is not strict, and nothing is counted. */
  patience?: PatienceWithPeer;
  /** Is called with the module of each message that was sent, with `success` or the cause of its failure, and with the HTTP status of the answer. */
  count?(module: string, outcome: string, httpStatus: number | undefined): void;
}

/** How answers of one peer are read, and where deviations that were read with patience are counted. */
export interface PatienceWithPeer {
  strict: boolean;
  now(): EpochMillis;
  /** `message`: the name of the endpoint. */
  note(message: string, deviations: readonly Deviation[]): void;
}

/** The parties and ids of a message; missing ids are created (TRN-46, TRN-47). */
export interface Ids extends Routing {
  requestId?: string;
  correlationId?: string;
}

/** A property that is required, or that must be absent when its type is undefined. */
type Part<Name extends string, T> = [T] extends [undefined] ? { [name in Name]?: undefined } : { [name in Name]: T };
/** One message to send; `base` is the URL from the peer's version details and is never constructed (TRN-51). */
export type Outgoing<E extends Endpoint> = { base: string; ids?: Ids } & Part<'query', Query<E>> &
  Part<'body', Body<E>> &
  Part<'params', [keyof Params<E>] extends [never] ? undefined : Params<E>>;

interface Loose {
  base: string;
  ids?: Ids;
  params?: Readonly<Record<string, string>> | undefined;
  query?: unknown;
  body?: unknown;
}

/** Sends one message and reads the answer. A message that violates its own endpoint's schema is not sent and fails as `bad_request`. */
export function callEndpoint<E extends Endpoint>(client: PeerClient, endpoint: E, outgoing: Outgoing<E>): Promise<PeerAnswer<Answer<E>>>;
// The answer was checked against the endpoint's own schema; the compiler cannot follow that through a type parameter.
export async function callEndpoint(client: PeerClient, endpoint: Endpoint, outgoing: Loose): Promise<PeerAnswer<unknown>> {
  const url = urlOf(endpoint, client.edition, outgoing);
  if (!url.ok) return notSent(url.problem);
  const { params, query, body, ids } = outgoing;
  const named = { ...(typeof query === 'object' && query), ...(ids?.to && { country_code: ids.to.countryCode, party_id: ids.to.partyId }), ...params };
  return sendDraft(client, endpoint, { endpoint, url: url.value, body, ids, named });
}

/** Posts the result of a request to the exact `response_url` of that request; the body is the result alone, without an envelope (CP-12, CP-13). */
export async function postToResponseUrl<E extends Endpoint>(
  client: PeerClient,
  requested: E,
  { url, result, ids }: { url: string; result: ResultBody<E>; ids?: Ids },
): Promise<PeerAnswer<undefined>> {
  const request = requestTo(client, { endpoint: { ...requested, method: 'POST', body: requested.result }, url, body: result, ids });
  if (!request.ok) return notSent(request.problem);
  return { ...readFor(client, requested, { answered: await client.transport(request.value), schema: nothing }), data: undefined };
}

/** Gets the next page of a list from the URL that the page before gave. */
export function followLink<E extends Endpoint>(client: PeerClient, endpoint: E, next: { url: string; ids?: Ids }): Promise<PeerAnswer<Answer<E>>>;
export async function followLink(client: PeerClient, endpoint: Endpoint, { url, ids }: { url: string; ids?: Ids }): Promise<PeerAnswer<unknown>> {
  return sendDraft(client, endpoint, { endpoint, url, body: undefined, ids });
}

async function sendDraft(client: PeerClient, endpoint: Endpoint, draft: Draft): Promise<PeerAnswer<unknown>> {
  const request = requestTo(client, draft);
  if (!request.ok) return notSent(request.problem);
  return readFor(client, endpoint, { answered: await client.transport(request.value), schema: inEdition(endpoint.answer, client.edition), url: draft.named });
}

interface UnreadAnswer {
  answered: HttpAnswer;
  schema: TSchema;
  url?: Readonly<Record<string, unknown>> | undefined;
}

/** Reads an answer of a peer, with as much patience as the peer gets. */
function readFor({ patience, count }: PeerClient, { name, module }: Endpoint, { answered, schema, url }: UnreadAnswer): PeerAnswer<unknown> {
  const deviations: Deviation[] = [];
  const answer = readAnswer(answered, schema, { ...(patience && { strict: patience.strict, now: patience.now() }), ...(url && { url }), found: deviations });
  if (deviations.length > 0) patience?.note(name, deviations);
  count?.(module, answer.is === 'SUCCESS' ? 'success' : answer.because, answer.httpStatus);
  return answer;
}

const notSent = (message: string): { is: 'FAILED'; because: 'bad_request'; sent: false; message: string } => ({
  is: 'FAILED',
  because: 'bad_request',
  sent: false,
  message,
});

interface Draft {
  endpoint: Pick<Endpoint, 'module' | 'method' | 'body' | 'interface' | 'path'>;
  url: string;
  body: unknown;
  ids: Ids | undefined;
  /** The parameters of the URL and the addressed party: they name the object of the answer. */
  named?: Readonly<Record<string, unknown>>;
}

/** A hub broadcasts a message that is addressed to the hub itself. That is right for a GET of a list, and wrong for a message to one party. */
function broadcastProblem({ hub }: PeerClient, { endpoint, ids }: Draft): string | undefined {
  const { to } = ids ?? {};
  if (!hub || !to || keyFor(hub) !== keyFor(to) || !isFunctional(endpoint.module) || mayBeBroadcast(endpoint)) return undefined;
  const isList = endpoint.method === 'GET' && endpoint.interface === 'SENDER' && endpoint.path === '';
  return isList ? undefined : `to: found ${keyFor(to)}, which is the hub itself, allowed: the party that the ${endpoint.module} are for`;
}
const keyFor = ({ countryCode, partyId }: PartyName) => partyKey(countryCode, partyId);

function requestTo(client: PeerClient, draft: Draft): Result<OutgoingRequest> {
  const { edition, token } = client;
  const { endpoint, url, body, ids = {} } = draft;
  const problem = broadcastProblem(client, draft) ?? problemIn(endpoint.body, edition, body);
  if (problem !== undefined) return fail(problem);
  const headers = {
    Authorization: printAuthorization(token),
    Accept: 'application/json',
    ...printIds({ requestId: ids.requestId ?? randomUUID(), correlationId: ids.correlationId ?? randomUUID() }),
    ...(isFunctional(endpoint.module) && printRouting(ids)),
  };
  if (!Object.values(headers).every((it) => /^[\x20-\x7e]*$/.test(it)))
    return fail('headers: found a character that no header may hold, allowed: printable ASCII');
  if (body === undefined) return ok({ method: endpoint.method, url, headers });
  return ok({ method: endpoint.method, url, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

function problemIn(schemas: MaybePerEdition, edition: Edition, value: unknown): string | undefined {
  const schema = inEdition(schemas, edition);
  return value === undefined && mayBeAbsent(schema) ? undefined : problemWith(schema, value);
}

function urlOf(endpoint: Endpoint, edition: Edition, { base, params = {}, query }: Loose): Result<string> {
  const problem = problemWith(paramsSchema(endpoint.path), params) ?? problemIn(endpoint.query, edition, query);
  if (problem !== undefined) return fail(problem);
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return ok(joinUrl(base, path, query));
}

/** Joins base, path and query with exactly one slash; keeps the base's own query and encodes every parameter. */
export function joinUrl(base: string, path: string, query: unknown): string {
  const [address = '', ...own] = base.split('#', 1)[0]?.split('?') ?? [];
  const given = typeof query === 'object' && query !== null ? Object.entries(query) : [];
  const pairs = given.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  const all = [...(own.length > 0 ? [own.join('?')] : []), ...pairs].filter((it) => it !== '').join('&');
  const whole = path === '' ? address : `${address.replace(/\/$/, '')}/${path}`;
  return all === '' ? whole : `${whole}?${all}`;
}
