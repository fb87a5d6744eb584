import { randomUUID } from 'node:crypto';
import { partyKey } from '../domain/ids.ts';
import { fail, ok, type Result } from '../domain/result.ts';
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
import { type PeerAnswer, readAnswer } from './peer-answer.ts';
import { problemWith } from './problem.ts';
import type { OutgoingRequest, Transport } from './transport.ts';

/** How one platform talks to one peer: the way there, the edition they share, the token to show. */
export interface PeerClient {
  transport: Transport;
  edition: Edition;
  token: PresentedToken;
  /** The party that the peer is as a hub: nothing is addressed to it but a list that is asked of everyone (RTE-08, RTE-10, RTE-13). */
  hub?: PartyName;
}

/** The parties and ids that a message goes by; new ids are drawn where none are given (TRN-46, TRN-47). */
export interface Ids extends Routing {
  requestId?: string;
  correlationId?: string;
}

/** A part that must be given, or that there is none of. */
type Part<Name extends string, T> = [T] extends [undefined] ? { [name in Name]?: undefined } : { [name in Name]: T };
/** One message to send: `base` is the URL from the peer's version details, never made up (TRN-51). */
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

/** Sends one message and reads its answer; what the endpoint itself would refuse is not sent, and fails as `bad_request`. */
export function callEndpoint<E extends Endpoint>(line: PeerClient, endpoint: E, outgoing: Outgoing<E>): Promise<PeerAnswer<Answer<E>>>;
// The answer was checked against the endpoint's own schema, which the compiler cannot follow through a type parameter.
export async function callEndpoint(line: PeerClient, endpoint: Endpoint, outgoing: Loose): Promise<PeerAnswer<unknown>> {
  const url = urlOf(endpoint, line.edition, outgoing);
  if (!url.ok) return unsaid(url.problem);
  const request = requestTo(line, { endpoint, url: url.value, body: outgoing.body, ids: outgoing.ids });
  if (!request.ok) return unsaid(request.problem);
  return readAnswer(await line.transport(request.value), inEdition(endpoint.answer, line.edition));
}

/** Posts what became of `asked` to the `response_url` that came with it: to that very URL, the result alone, not in an envelope (CP-12, CP-13). */
export async function postToResponseUrl<E extends Endpoint>(
  line: PeerClient,
  asked: E,
  { url, result, ids }: { url: string; result: ResultBody<E>; ids?: Ids },
): Promise<PeerAnswer<undefined>> {
  const request = requestTo(line, { endpoint: { ...asked, method: 'POST', body: asked.result }, url, body: result, ids });
  if (!request.ok) return unsaid(request.problem);
  const outcome = readAnswer(await line.transport(request.value), nothing);
  return outcome.is === 'SUCCESS' ? { ...outcome, data: undefined } : { ...outcome, data: undefined };
}

/** Gets one more page of a list from the address that its last page gave. */
export function followLink<E extends Endpoint>(line: PeerClient, endpoint: E, next: { url: string; ids?: Ids }): Promise<PeerAnswer<Answer<E>>>;
export async function followLink(line: PeerClient, endpoint: Endpoint, { url, ids }: { url: string; ids?: Ids }): Promise<PeerAnswer<unknown>> {
  const request = requestTo(line, { endpoint, url, body: undefined, ids });
  if (!request.ok) return unsaid(request.problem);
  return readAnswer(await line.transport(request.value), inEdition(endpoint.answer, line.edition));
}

const unsaid = (message: string): { is: 'FAILED'; because: 'bad_request'; sent: false; message: string } => ({
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
}

/** What is for the hub itself goes to everyone behind it: a list may be asked of all, other things are told to whom they concern. */
function broadcastIn({ hub }: PeerClient, { endpoint, ids }: Draft): string | undefined {
  const { to } = ids ?? {};
  if (!hub || !to || keyFor(hub) !== keyFor(to) || !isFunctional(endpoint.module) || mayBeBroadcast(endpoint)) return undefined;
  const list = endpoint.method === 'GET' && endpoint.interface === 'SENDER' && endpoint.path === '';
  return list ? undefined : `to: found ${keyFor(to)}, which is the hub itself; allowed is the party that ${endpoint.module} are for`;
}
const keyFor = ({ countryCode, partyId }: PartyName) => partyKey(countryCode, partyId);

function requestTo(line: PeerClient, draft: Draft): Result<OutgoingRequest> {
  const { edition, token } = line;
  const { endpoint, url, body, ids = {} } = draft;
  const broadcast = broadcastIn(line, draft);
  if (broadcast !== undefined) return fail(broadcast);
  const problem = problemIn(endpoint.body, edition, body);
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

function problemIn(words: MaybePerEdition, edition: Edition, value: unknown): string | undefined {
  const schema = inEdition(words, edition);
  return value === undefined && mayBeAbsent(schema) ? undefined : problemWith(schema, value);
}

function urlOf(endpoint: Endpoint, edition: Edition, { base, params = {}, query }: Loose): Result<string> {
  const problem = problemWith(paramsSchema(endpoint.path), params) ?? problemIn(endpoint.query, edition, query);
  if (problem !== undefined) return fail(problem);
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return ok(joinUrl(base, path, query));
}

/** Exactly one slash between base and path, and the base's own query kept; parameters always encoded. */
export function joinUrl(base: string, path: string, query: unknown): string {
  const [address = '', ...own] = base.split('#', 1)[0]?.split('?') ?? [];
  const given = typeof query === 'object' && query !== null ? Object.entries(query) : [];
  const pairs = given.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  const all = [...(own.length > 0 ? [own.join('?')] : []), ...pairs].filter((it) => it !== '').join('&');
  const whole = path === '' ? address : `${address.replace(/\/$/, '')}/${path}`;
  return all === '' ? whole : `${whole}?${all}`;
}
