import type { IncomingMessage } from 'node:http';
import type { ModuleName } from '../faults.ts';
import type { PartnerReply, Visit } from '../recording-server.ts';
import type { PartnerRole } from '../registration.ts';
import { type Fields, fieldsOf, join, listOf, type PartnerAnswer, send, textOf } from '../wire.ts';
import type { Side } from './hub-server.ts';

/** A party as headers, bodies and URLs name it. */
export interface Named {
  country_code: string;
  party_id: string;
}
export const nameOf = ({ country_code, party_id }: Named) => `${country_code}*${party_id}`.toUpperCase();

/** What a hub knows when it sends something on. */
export interface Board {
  self: PartnerRole;
  sides: () => readonly Side[];
  /** Whether a party can be reached. */
  state: (party: Named) => string;
  /** Parties that take a request and never answer, as far as the hub can tell. */
  timesOut: ReadonlySet<string>;
  /** Sends addresses for results through the hub, so that each platform sees addresses of the hub only. */
  rewrites: boolean;
  /** Whose sessions went through, by id: where a request is for that does not say. */
  owners: Map<string, Named>;
  /** The addresses that stand behind those of the hub's own. */
  results: Map<string, { url: string; side: Side }>;
}

type Headers = IncomingMessage['headers'];

/** One request on its way through. */
interface Passing {
  board: Board;
  from: Side;
  face: ModuleName;
  visit: Visit;
}

const ok = { http: 200 } as const;
const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value : '');

function partyIn(headers: Headers, way: 'to' | 'from'): Named | undefined {
  const [country_code, party_id] = [one(headers[`ocpi-${way}-country-code`]), one(headers[`ocpi-${way}-party-id`])];
  return country_code && party_id ? { country_code, party_id } : undefined;
}

export const routingHeaders = ({ to, from }: { to?: Named | undefined; from?: Named | undefined }): Record<string, string> => ({
  ...(to && { 'OCPI-to-country-code': to.country_code, 'OCPI-to-party-id': to.party_id }),
  ...(from && { 'OCPI-from-country-code': from.country_code, 'OCPI-from-party-id': from.party_id }),
});

/** Sends a request on to the party that it is for, and brings the answer back (OCPI 2.2.1 §4.1.8, §5.1). */
export async function passOn(passing: Passing): Promise<PartnerReply> {
  const { board, from, face, visit } = passing;
  if (face === 'callback') return passResult(board, from, visit);
  const { headers, method } = visit.request;
  const [side = '', ...rest] = visit.segments;
  const named = partyIn(headers, 'to');
  if (named && nameOf(named) === nameOf(board.self))
    return method === 'GET' && face === 'sessions' && side === 'sender' && rest.length === 0 ? gather(passing) : { ...ok, code: 2001 };
  const to = named ?? filledIn(board, visit, rest);
  const there = to && board.sides().find((it) => it !== from && it.parties().some((party) => nameOf(party) === nameOf(to)));
  if (!to || !there) return { ...ok, code: 4001 };
  if (board.state(to) !== 'CONNECTED') return { ...ok, code: 4003 };
  if (board.timesOut.has(nameOf(to))) return { ...ok, code: 4002 };
  learn(board, face, rest);
  const endpoint = there.endpoint(face, side === 'sender' ? 'SENDER' : 'RECEIVER');
  if (endpoint === undefined) return { ...ok, code: 4001 };
  const url = withQueryOf(join(endpoint, ...rest), visit, (given) => through(board, { given, from, there }));
  const body = fieldsOf(visit.body);
  const given = textOf(body.response_url);
  const sent = given ? { ...body, response_url: through(board, { given, from, there }) } : visit.body;
  const answer = await sendOn(there, { method, url, headers, to, ...(visit.request.body !== '' && { body: sent }) });
  return replyOf(answer, { to: partyIn(headers, 'from'), from: to });
}

/** Open routing: the owner of the session in the path, or the one whose customer a session is of. */
function filledIn({ owners }: Board, { body }: Visit, rest: readonly string[]): Named | undefined {
  const token = fieldsOf(fieldsOf(body).cdr_token);
  if (token.party_id !== undefined) return { country_code: textOf(token.country_code), party_id: textOf(token.party_id) };
  return owners.get(rest.at(-1) ?? '');
}

function learn({ owners }: Board, face: ModuleName, [country_code, party_id, id]: readonly string[]): void {
  if (face === 'sessions' && country_code && party_id && id) owners.set(id, { country_code, party_id });
}

/** An address of the hub's own on the side where it is sent, behind which the given one stands. */
function through({ rewrites, results }: Board, { given, from, there }: { given: string; from: Side; there: Side }): string {
  if (!rewrites) return given;
  const word = there.random.text(24);
  results.set(word, { url: given, side: from });
  return join(there.platform.url('callback'), word);
}

function withQueryOf(url: string, { query }: Visit, rewritten: (given: string) => string): string {
  const sent = new URLSearchParams(query);
  const given = sent.get('response_url');
  if (given !== null) sent.set('response_url', rewritten(given));
  return sent.size === 0 ? url : `${url}?${sent}`;
}

async function passResult(board: Board, _from: Side, { request, segments, body }: Visit): Promise<PartnerReply> {
  const behind = board.results.get(segments[0] ?? '');
  if (!behind) return { http: 404, code: 2000 };
  const to = partyIn(request.headers, 'to');
  if (to && board.state(to) !== 'CONNECTED') return { ...ok, code: 4003 };
  return replyOf(await sendOn(behind.side, { method: 'POST', url: behind.url, headers: request.headers, to, body }), {});
}

/** The same parties and the same correlation, a new request (OCPI 2.2.1 §4.2). */
function sendOn(there: Side, request: { method: string; url: string; headers: Headers; to: Named | undefined; body?: unknown }): Promise<PartnerAnswer> {
  const { method, url, headers, to, body } = request;
  const correlation = one(headers['x-correlation-id']);
  return send({
    method,
    url,
    token: there.membership.known().token,
    headers: { ...routingHeaders({ to, from: partyIn(headers, 'from') }), ...(correlation && { 'X-Correlation-ID': correlation }) },
    ...(body !== undefined && { body }),
  });
}

/** What the server said goes back as it is; its own routing headers stand before those that follow from the request. */
function replyOf(answer: PartnerAnswer, routing: { to?: Named | undefined; from?: Named | undefined }): PartnerReply {
  const carried = ['link', 'x-total-count', 'x-limit', 'ocpi-to-country-code', 'ocpi-to-party-id', 'ocpi-from-country-code', 'ocpi-from-party-id'];
  const theirs = Object.fromEntries(carried.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name) ?? '']] : [])));
  const implied = Object.fromEntries(Object.entries(routingHeaders(routing)).map(([name, value]) => [name.toLowerCase(), value]));
  const { status_code, data } = answer.envelope;
  return {
    http: answer.http,
    code: typeof status_code === 'number' ? status_code : 4000,
    ...(data !== undefined && { data }),
    headers: { ...implied, ...theirs },
  };
}

/** What everyone behind the hub has, each object with its owner's name in it (OCPI 2.2.1 §4.1.8, GET All via Hubs). */
async function gather({ board, from, visit }: Passing): Promise<PartnerReply> {
  const { headers, method } = visit.request;
  const lists = board.sides().flatMap((side) => {
    const [to] = side.parties();
    const list = side === from ? undefined : side.endpoint('sessions', 'SENDER');
    return list !== undefined && to && board.state(to) === 'CONNECTED' ? [{ side, to, list }] : [];
  });
  const items: Fields[] = [];
  for (const { side, to, list } of lists) items.push(...listOf((await sendOn(side, { method, url: withQueryOf(list, visit, (it) => it), headers, to })).data));
  return {
    ...ok,
    code: 1000,
    data: items,
    headers: { 'x-total-count': String(items.length), ...routingHeaders({ to: partyIn(headers, 'from'), from: board.self }) },
  };
}
