import type { EpochMillis } from '../../src/domain/units.ts';
import type { ModuleName } from './faults.ts';
import { receiveLocation } from './locations.ts';
import { openParty, type Partner, type Party, type PartyOptions, partnerOf } from './party.ts';
import type { PartnerReply, RoutedRequest } from './recording-server.ts';
import { type TokenFields, TokenSender } from './tokens.ts';
import { type Fields, fieldsOf, join, listOf, type PartnerAnswer, textOf, withQuery } from './wire.ts';

/** Options of a simulated eMSP or SCSP. */
export interface EmspOptions extends PartyOptions {
  /** Default EMSP; an SCSP has the same interfaces. */
  role?: 'EMSP' | 'SCSP';
  /** The first tokens in its list; absent: it has no tokens module. */
  tokens?: readonly TokenFields[];
  /** Its answer to forwarded charging preferences; absent: 404. */
  preferences?: string;
  /** Tokens per page; default 50. */
  pageSize?: number;
}

/** A result received at a response_url. */
export interface Callback {
  at: EpochMillis;
  body: unknown;
}

/** A sent charging profile request with its answer and its later result. */
export interface SentProfileRequest {
  answer: PartnerAnswer;
  /** `data.result` of the answer, such as `ACCEPTED`. */
  result: string;
  responseUrl: string;
  /** The first result posted to `responseUrl`. Never settles when none is posted; rejects when the answer has a result other than ACCEPTED. */
  later: Promise<Fields>;
}

/** The response_url of a request: a given URL, or a new one with a query such as `request_id`. */
export interface ResponseTo {
  responseUrl?: string;
  query?: Record<string, string>;
}

/** A received ActiveChargingProfile. */
export interface PushedProfile {
  at: EpochMillis;
  sessionId: string;
  body: unknown;
}

/** A simulated eMSP or SCSP: it receives locations and sessions, sends charging profile requests, and records everything that it receives. */
export interface Emsp extends Partner {
  /** Its tokens, and the requests to authorize them. */
  readonly tokens: TokenSender;
  /** The received sessions by id. */
  readonly sessions: ReadonlyMap<string, Fields>;
  /** The received locations by id. */
  readonly locations: ReadonlyMap<string, Fields>;
  /** Resolves with the first matching location, past or future. */
  location(match: (location: Fields) => boolean): Promise<Fields>;
  /** Resolves with the first matching session, past or future. */
  session(match: (session: Fields) => boolean): Promise<Fields>;
  /** Gets all pages of the CPO's locations. */
  pullLocations(query?: Record<string, string>): Promise<Fields[]>;
  /** Gets all pages of the CPO's sessions. */
  pullSessions(query?: Record<string, string>): Promise<Fields[]>;
  set(sessionId: string, profile: object, to?: ResponseTo): Promise<SentProfileRequest>;
  get(sessionId: string, duration: number, to?: ResponseTo): Promise<SentProfileRequest>;
  clear(sessionId: string, to?: ResponseTo): Promise<SentProfileRequest>;
  /** Sends charging preferences for a session (OCPI 2.2.1 §9.2.1.2). */
  prefer(sessionId: string, preferences: object): Promise<PartnerAnswer>;
  /** The charging preferences that were forwarded to it, with the path below its sessions. */
  readonly preferences: readonly { path: readonly string[]; body: unknown }[];
  /** Sets its answer to forwarded charging preferences. */
  answerPreferences(answer: string | undefined): void;
  /** The results received at a response_url. */
  callbacks(responseUrl: string): readonly Callback[];
  /** The received ActiveChargingProfiles. */
  readonly pushed: readonly PushedProfile[];
  /** Resolves with the next ActiveChargingProfile for a session. */
  nextPush(sessionId: string): Promise<unknown>;
}

/** What an eMSP has received, and the watchers that wait for more. */
interface Memory {
  sessions: Map<string, Fields>;
  locations: Map<string, Fields>;
  callbacks: Map<string, Callback[]>;
  pushed: PushedProfile[];
  preferences: { path: readonly string[]; body: unknown }[];
  preferencesAnswer: string | undefined;
  watchers: Set<() => boolean>;
}

/** Opens an eMSP or SCSP on loopback. */
export async function openEmsp(options: EmspOptions): Promise<Emsp> {
  const memory: Memory = {
    sessions: new Map(),
    locations: new Map(),
    callbacks: new Map(),
    pushed: [],
    preferences: [],
    preferencesAnswer: options.preferences,
    watchers: new Set(),
  };
  const tokens = new TokenSender(() => party, options.tokens ?? [], options.pageSize ?? 50);
  const receiveAndNotify = (module: ModuleName, request: RoutedRequest) => {
    const reply = module === 'tokens' ? tokens.receive(request) : receive(module, request, memory);
    for (const watcher of memory.watchers) if (watcher()) memory.watchers.delete(watcher);
    return reply;
  };
  const role = options.role ?? 'EMSP';
  const partyId = role === 'EMSP' ? 'MSP' : 'SCS';
  const offered = options.tokens ? 'SENDER' : undefined;
  const interfaces = { locations: 'RECEIVER', sessions: 'RECEIVER', chargingprofiles: 'SENDER', tokens: offered } as const;
  const party: Party = await openParty(options, { role, partyId, ...interfaces, receive: receiveAndNotify });
  return { ...partnerOf(party), tokens, ...observersOf(memory), ...requestsOf(party, memory) };
}

/** Resolves when `look` finds something, now or after a later request. */
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

function observersOf(memory: Memory) {
  return {
    sessions: memory.sessions,
    locations: memory.locations,
    location: (match: (location: Fields) => boolean) => watch(memory, () => [...memory.locations.values()].find(match)),
    pushed: memory.pushed,
    preferences: memory.preferences,
    answerPreferences: (answer: string | undefined) => {
      memory.preferencesAnswer = answer;
    },
    callbacks: (responseUrl: string) => memory.callbacks.get(responseUrl) ?? [],
    session: (match: (session: Fields) => boolean) => watch(memory, () => [...memory.sessions.values()].find(match)),
    nextPush: (sessionId: string) => {
      const seen = memory.pushed.length;
      return watch(memory, () => memory.pushed.slice(seen).find((push) => push.sessionId === sessionId)).then(({ body }) => body);
    },
  };
}

function requestsOf(party: Party, memory: Memory) {
  const base = () => party.endpoint('chargingprofiles', 'RECEIVER');
  const responseUrl = ({ responseUrl: given, query }: ResponseTo) => {
    const fresh = join(party.server.url('callback'), party.random.text(24));
    const url = given ?? (query ? withQuery(fresh, query) : fresh);
    party.server.extraUrls.set(url, 'callback');
    return url;
  };
  const request = async (url: string, sent: { method: string; url: string; body?: object }): Promise<SentProfileRequest> => {
    const answer = await party.send(sent);
    const result = textOf(fieldsOf(answer.data).result);
    const later =
      result === 'ACCEPTED' || result === ''
        ? watch(memory, () => memory.callbacks.get(url)?.[0]).then(({ body }) => fieldsOf(body))
        : Promise.reject(new Error(`no result follows: the answer was ${answer.text}`));
    later.catch(() => undefined); // a test need not wait for it
    return { answer, result, responseUrl: url, later };
  };
  return {
    set: (sessionId: string, profile: object, to: ResponseTo = {}) => {
      const url = responseUrl(to);
      return request(url, { method: 'PUT', url: join(base(), sessionId), body: { charging_profile: profile, response_url: url } });
    },
    get: (sessionId: string, duration: number, to: ResponseTo = {}) => {
      const url = responseUrl(to);
      return request(url, { method: 'GET', url: withQuery(join(base(), sessionId), { duration: String(duration), response_url: url }) });
    },
    clear: (sessionId: string, to: ResponseTo = {}) => {
      const url = responseUrl(to);
      return request(url, { method: 'DELETE', url: withQuery(join(base(), sessionId), { response_url: url }) });
    },
    prefer: (sessionId: string, preferences: object) =>
      party.send({ method: 'PUT', url: join(party.endpoint('sessions', 'SENDER'), sessionId, 'charging_preferences'), body: preferences }),
    pullLocations: (query: Record<string, string> = {}) => pull(party, withQuery(party.endpoint('locations', 'SENDER'), query)),
    pullSessions: (query: Record<string, string> = { date_from: '2000-01-01T00:00:00Z' }) =>
      pull(party, withQuery(party.endpoint('sessions', 'SENDER'), query)),
  };
}

/** Gets all pages of a list by their `Link` headers (OCPI 2.2.1 §4.1.4). */
async function pull(party: Party, first: string): Promise<Fields[]> {
  const found: Fields[] = [];
  for (let url: string | undefined = first; url; ) {
    const page: PartnerAnswer = await party.send({ method: 'GET', url });
    found.push(...listOf(page.data));
    url = /<([^>]+)>;\s*rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  return found;
}

function receive(module: ModuleName, routed: RoutedRequest, memory: Memory): PartnerReply {
  if (module === 'sessions') return routed.segments.length > 3 ? receivePreferences(routed, memory) : receiveSession(routed, memory.sessions);
  if (module === 'locations') return receiveLocation(routed, memory.locations);
  const { request, segments, body } = routed;
  if (module === 'callback' && request.method === 'POST') {
    const earlier = memory.callbacks.get(request.url) ?? [];
    memory.callbacks.set(request.url, [...earlier, { at: request.at, body }]);
    return { http: 200, code: 1000 };
  }
  const [sessionId] = segments;
  if (module !== 'chargingprofiles' || request.method !== 'PUT' || sessionId === undefined) return { http: 405, code: 2000 };
  memory.pushed.push({ at: request.at, sessionId, body });
  return { http: 200, code: 1000 };
}

function receivePreferences({ request, segments, body }: RoutedRequest, memory: Memory): PartnerReply {
  if (memory.preferencesAnswer === undefined || request.method !== 'PUT' || segments[3] !== 'charging_preferences') return { http: 404, code: 2000 };
  memory.preferences.push({ path: segments, body });
  return { http: 200, code: 1000, data: memory.preferencesAnswer };
}

function receiveSession({ request, segments, body }: RoutedRequest, sessions: Map<string, Fields>): PartnerReply {
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

/** A PATCH replaces the fields that it contains, and appends to `charging_periods` (OCPI 2.2.1 §9.2.2.3). */
function patched(known: Fields, changes: Fields): Fields {
  const periods = [...listOf(known.charging_periods), ...listOf(changes.charging_periods)];
  return { ...known, ...changes, ...(periods.length > 0 && { charging_periods: periods }) };
}
