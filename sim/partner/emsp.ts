import type { EpochMillis } from '../../src/domain/units.ts';
import type { ModuleName } from './faults.ts';
import { hearLocation } from './locations.ts';
import { faceOf, openParty, type PartnerFace, type Party, type PartyOptions } from './party.ts';
import type { PartnerReply, Visit } from './recording-server.ts';
import { type TokenFields, TokenSender } from './tokens.ts';
import { type Fields, fieldsOf, join, listOf, type PartnerAnswer, textOf, withQuery } from './wire.ts';

export interface EmspOptions extends PartyOptions {
  /** An SCSP offers and asks the same. */
  role?: 'EMSP' | 'SCSP';
  /** What its list of tokens shows at first; absent: it offers none. */
  tokens?: readonly TokenFields[];
  /** What it answers when wishes of a driver are passed on to it; absent: it does not know the message. */
  preferences?: string;
  /** Most tokens on one page; 50 when absent. */
  pageSize?: number;
}

/** A result that came in on a response_url. */
export interface Callback {
  at: EpochMillis;
  body: unknown;
}

/** A request about a charging profile: what was answered at once, and what comes later. */
export interface SentProfileRequest {
  answer: PartnerAnswer;
  /** `data.result` of the answer, such as `ACCEPTED`. */
  result: string;
  responseUrl: string;
  /** The first result posted to `responseUrl`; never settles when none comes, and rejects when the answer was a word other than ACCEPTED. */
  later: Promise<Fields>;
}

/** Where the answer is to go: a URL of the test's own, or one with query members such as `request_id`. */
export interface ResponseTo {
  responseUrl?: string;
  query?: Record<string, string>;
}

export interface PushedProfile {
  at: EpochMillis;
  sessionId: string;
  body: unknown;
}

/** A foreign eMSP or SCSP: receives locations and sessions, sends charging profiles, records all that comes. */
export interface Emsp extends PartnerFace {
  /** Its tokens, and who asked for them. */
  readonly tokens: TokenSender;
  /** Sessions by id, as the pushes made them. */
  readonly sessions: ReadonlyMap<string, Fields>;
  /** Locations by id, as the pushes made them. */
  readonly locations: ReadonlyMap<string, Fields>;
  /** Resolves with the first location that matches, now or later. */
  location(match: (location: Fields) => boolean): Promise<Fields>;
  /** Resolves with the first session that matches, now or later. */
  session(match: (session: Fields) => boolean): Promise<Fields>;
  /** Fetches the CPO's list of locations, page by page. */
  pullLocations(query?: Record<string, string>): Promise<Fields[]>;
  /** Fetches the CPO's list of sessions, page by page. */
  pullSessions(query?: Record<string, string>): Promise<Fields[]>;
  set(sessionId: string, profile: object, to?: ResponseTo): Promise<SentProfileRequest>;
  get(sessionId: string, duration: number, to?: ResponseTo): Promise<SentProfileRequest>;
  clear(sessionId: string, to?: ResponseTo): Promise<SentProfileRequest>;
  /** Tells the CPO how a driver wants a session to charge (OCPI 2.2.1 §9.2.1.2). */
  prefer(sessionId: string, preferences: object): Promise<PartnerAnswer>;
  /** Wishes of drivers that were passed on to it, by the path below its sessions. */
  readonly preferences: readonly { path: readonly string[]; body: unknown }[];
  /** What it answers to wishes from now on. */
  answerPreferences(word: string | undefined): void;
  /** Results that came in on one response_url. */
  callbacks(responseUrl: string): readonly Callback[];
  /** ActiveChargingProfiles that the CPO pushed. */
  readonly pushed: readonly PushedProfile[];
  /** Resolves with the next push for a session. */
  nextPush(sessionId: string): Promise<unknown>;
}

/** What one eMSP has heard so far, and who waits to hear more. */
interface Memory {
  sessions: Map<string, Fields>;
  locations: Map<string, Fields>;
  callbacks: Map<string, Callback[]>;
  pushed: PushedProfile[];
  wishes: { path: readonly string[]; body: unknown }[];
  preferences: string | undefined;
  watchers: Set<() => boolean>;
}

/** Opens a foreign eMSP on loopback. */
export async function openEmsp(options: EmspOptions): Promise<Emsp> {
  const memory: Memory = {
    sessions: new Map(),
    locations: new Map(),
    callbacks: new Map(),
    pushed: [],
    wishes: [],
    preferences: options.preferences,
    watchers: new Set(),
  };
  const tokens = new TokenSender(() => party, options.tokens ?? [], options.pageSize ?? 50);
  const receive = (face: ModuleName, visit: Visit) => {
    const reply = face === 'tokens' ? tokens.hear(visit) : hear(face, visit, memory);
    for (const watcher of memory.watchers) if (watcher()) memory.watchers.delete(watcher);
    return reply;
  };
  const role = options.role ?? 'EMSP';
  const partyId = role === 'EMSP' ? 'MSP' : 'SCS';
  const offered = options.tokens ? 'SENDER' : undefined;
  const interfaces = { locations: 'RECEIVER', sessions: 'RECEIVER', chargingprofiles: 'SENDER', tokens: offered } as const;
  const party: Party = await openParty(options, { role, partyId, ...interfaces, receive });
  return { ...faceOf(party), tokens, ...listener(memory), ...asker(party, memory) };
}

/** Resolves once `look` finds something, now or after a request to come. */
function watch<T>(memory: Memory, look: () => T | undefined): Promise<T> {
  return new Promise((found) => {
    const watcher = () => {
      const value = look();
      if (value !== undefined) found(value);
      return value !== undefined;
    };
    if (!watcher()) memory.watchers.add(watcher);
  });
}

function listener(memory: Memory) {
  return {
    sessions: memory.sessions,
    locations: memory.locations,
    location: (match: (location: Fields) => boolean) => watch(memory, () => [...memory.locations.values()].find(match)),
    pushed: memory.pushed,
    wishes: memory.wishes,
    answerWishes: (word: string | undefined) => {
      memory.preferences = word;
    },
    callbacks: (responseUrl: string) => memory.callbacks.get(responseUrl) ?? [],
    session: (match: (session: Fields) => boolean) => watch(memory, () => [...memory.sessions.values()].find(match)),
    nextPush: (sessionId: string) => {
      const seen = memory.pushed.length;
      return watch(memory, () => memory.pushed.slice(seen).find((push) => push.sessionId === sessionId)).then(({ body }) => body);
    },
  };
}

function asker(party: Party, memory: Memory) {
  const base = () => party.endpoint('chargingprofiles', 'RECEIVER');
  const responseUrl = ({ responseUrl: given, query }: ResponseTo) => {
    const fresh = join(party.platform.url('callback'), party.random.text(24));
    const url = given ?? (query ? withQuery(fresh, query) : fresh);
    party.platform.strays.set(url, 'callback');
    return url;
  };
  const ask = async (url: string, request: { method: string; url: string; body?: object }): Promise<SentProfileRequest> => {
    const answer = await party.send(request);
    const result = textOf(fieldsOf(answer.data).result);
    const later =
      result === 'ACCEPTED' || result === ''
        ? watch(memory, () => memory.callbacks.get(url)?.[0]).then(({ body }) => fieldsOf(body))
        : Promise.reject(new Error(`no result will come, the answer was ${answer.text}`));
    later.catch(() => undefined); // for those who do not wait for it
    return { answer, result, responseUrl: url, later };
  };
  return {
    set: (sessionId: string, profile: object, to: ResponseTo = {}) => {
      const url = responseUrl(to);
      return ask(url, { method: 'PUT', url: join(base(), sessionId), body: { charging_profile: profile, response_url: url } });
    },
    get: (sessionId: string, duration: number, to: ResponseTo = {}) => {
      const url = responseUrl(to);
      return ask(url, { method: 'GET', url: withQuery(join(base(), sessionId), { duration: String(duration), response_url: url }) });
    },
    clear: (sessionId: string, to: ResponseTo = {}) => {
      const url = responseUrl(to);
      return ask(url, { method: 'DELETE', url: withQuery(join(base(), sessionId), { response_url: url }) });
    },
    prefer: (sessionId: string, preferences: object) =>
      party.send({ method: 'PUT', url: join(party.endpoint('sessions', 'SENDER'), sessionId, 'charging_preferences'), body: preferences }),
    pullLocations: (query: Record<string, string> = {}) => pull(party, withQuery(party.endpoint('locations', 'SENDER'), query)),
    pullSessions: (query: Record<string, string> = { date_from: '2000-01-01T00:00:00Z' }) =>
      pull(party, withQuery(party.endpoint('sessions', 'SENDER'), query)),
  };
}

/** Follows `Link` to the last page (OCPI 2.2.1 §4.1.4). */
async function pull(party: Party, first: string): Promise<Fields[]> {
  const found: Fields[] = [];
  for (let url: string | undefined = first; url; ) {
    const page: PartnerAnswer = await party.send({ method: 'GET', url });
    found.push(...listOf(page.data));
    url = /<([^>]+)>;\s*rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  return found;
}

function hear(face: ModuleName, visit: Visit, memory: Memory): PartnerReply {
  if (face === 'sessions') return visit.segments.length > 3 ? hearWishes(visit, memory) : hearSession(visit, memory.sessions);
  if (face === 'locations') return hearLocation(visit, memory.locations);
  const { request, segments, body } = visit;
  if (face === 'callback' && request.method === 'POST') {
    const earlier = memory.callbacks.get(request.url) ?? [];
    memory.callbacks.set(request.url, [...earlier, { at: request.at, body }]);
    return { http: 200, code: 1000 };
  }
  const [sessionId] = segments;
  if (face !== 'chargingprofiles' || request.method !== 'PUT' || sessionId === undefined) return { http: 405, code: 2000 };
  memory.pushed.push({ at: request.at, sessionId, body });
  return { http: 200, code: 1000 };
}

function hearWishes({ request, segments, body }: Visit, memory: Memory): PartnerReply {
  if (memory.preferences === undefined || request.method !== 'PUT' || segments[3] !== 'charging_preferences') return { http: 404, code: 2000 };
  memory.wishes.push({ path: segments, body });
  return { http: 200, code: 1000, data: memory.preferences };
}

function hearSession({ request, segments, body }: Visit, sessions: Map<string, Fields>): PartnerReply {
  const [, , id] = segments;
  if (id === undefined) return { http: 404, code: 2001 };
  const known = sessions.get(id);
  switch (request.method) {
    case 'GET':
      return known ? { http: 200, code: 1000, data: known } : { http: 404, code: 2003 };
    case 'PUT':
      sessions.set(id, fieldsOf(body));
      return { http: known ? 200 : 201, code: 1000 };
    case 'PATCH':
      if (!known) return { http: 404, code: 2003 };
      sessions.set(id, patched(known, fieldsOf(body)));
      return { http: 200, code: 1000 };
    default:
      return { http: 405, code: 2000 };
  }
}

/** A patch replaces the fields that it names and adds to `charging_periods` (OCPI 2.2.1 §9.2.2.3). */
function patched(known: Fields, changes: Fields): Fields {
  const periods = [...listOf(known.charging_periods), ...listOf(changes.charging_periods)];
  return { ...known, ...changes, ...(periods.length > 0 && { charging_periods: periods }) };
}
