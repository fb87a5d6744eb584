import type { ModuleName } from './faults.ts';
import { pageOf } from './page.ts';
import { faceOf, openParty, type PartnerFace, type Party, type PartyOptions } from './party.ts';
import type { PartnerReply, Visit } from './recording-server.ts';
import { TokenReceiver } from './tokens.ts';
import { type Fields, fieldsOf, join, type PartnerAnswer, textOf } from './wire.ts';

/** How the CPO deals with requests about charging profiles. */
export interface ProfileAnswer {
  /** The answer at once. */
  answer: string;
  /** Seconds, in the answer at once. */
  timeout: number;
  /** What it posts to response_url later, whole; absent: nothing ever comes. */
  later?: object;
  /** Milliseconds between the answer and the result. */
  after: number;
  /** How often the result is posted; more than once is an offence. */
  times: number;
  /** Presents this token with the result instead of the right one. */
  token?: string;
}

/** What it does unless told otherwise, by method. */
const HONEST: Record<'PUT' | 'GET' | 'DELETE', ProfileAnswer> = {
  PUT: { answer: 'ACCEPTED', timeout: 30, later: { result: 'ACCEPTED' }, after: 0, times: 1 },
  GET: { answer: 'ACCEPTED', timeout: 30, later: { result: 'REJECTED' }, after: 0, times: 1 },
  DELETE: { answer: 'ACCEPTED', timeout: 30, later: { result: 'ACCEPTED' }, after: 0, times: 1 },
};
type Method = keyof typeof HONEST;
export type ProfileAnswers = Partial<Record<Method, Partial<ProfileAnswer>>>;

export interface CpoOptions extends PartyOptions {
  profileAnswers?: ProfileAnswers;
  /** Most objects on one page; 50 when absent. */
  pageSize?: number;
  /** What it answers to the wishes of a driver; absent: none of its EVSEs goes by them. */
  preferences?: string;
  /** Wants to hear of tokens. */
  tokens?: boolean;
}

/** A profile request that came in. */
export interface ProfileRequest {
  method: Method;
  sessionId: string;
  responseUrl: string;
  body: Fields;
  duration?: string;
}

/** A foreign CPO: lists sessions and locations, pushes sessions, receives charging profiles, posts their results. */
export interface Cpo extends PartnerFace {
  /** What its list shows, by id, oldest first. */
  readonly sessions: Map<string, Fields>;
  /** What it was told of tokens. */
  readonly tokens: TokenReceiver;
  /** What its list of locations shows, by id, oldest first. */
  readonly locations: Map<string, Fields>;
  /** Keeps a session and pushes it whole. */
  put(session: Fields & { id: string }): Promise<PartnerAnswer>;
  /** Changes a session and pushes the changes. */
  patch(id: string, changes: Fields): Promise<PartnerAnswer>;
  /** Tells that what limits a session has changed. */
  pushActiveProfile(sessionId: string, active: object): Promise<PartnerAnswer>;
  /** Posts a result of the test's own. */
  post(responseUrl: string, body: object, token?: string): Promise<PartnerAnswer>;
  readonly profileRequests: readonly ProfileRequest[];
  /** What its posts to response_url were answered, in order. */
  readonly posted: readonly { url: string; answer: PartnerAnswer }[];
  /** Resolves with the answer to the next result it posts. */
  nextPosted(): Promise<PartnerAnswer>;
  answerProfiles(conducts: ProfileAnswers): void;
  /** What it answers to wishes of drivers from now on. */
  answerPreferences(word: string | undefined): void;
}

interface Memory {
  sessions: Map<string, Fields>;
  locations: Map<string, Fields>;
  conducts: Record<Method, ProfileAnswer>;
  profileRequests: ProfileRequest[];
  posted: { url: string; answer: PartnerAnswer }[];
  waiters: ((answer: PartnerAnswer) => void)[];
  preferences: string | undefined;
  pageSize: number;
}

/** Opens a foreign CPO on loopback. */
export async function openCpo(options: CpoOptions): Promise<Cpo> {
  const memory: Memory = {
    sessions: new Map(),
    locations: new Map(),
    conducts: conductsOf(options.profileAnswers),
    profileRequests: [],
    posted: [],
    waiters: [],
    pageSize: options.pageSize ?? 50,
    preferences: options.preferences,
  };
  const tokens = new TokenReceiver(() => party);
  const receive = (face: ModuleName, visit: Visit): PartnerReply => {
    if (face === 'sessions' && visit.segments[1] === 'charging_preferences') return hearWishes(visit, memory.preferences);
    if (face === 'sessions' || face === 'locations') return list(visit, memory[face], memory.pageSize);
    return face === 'tokens' ? tokens.hear(visit) : dealWith(visit, { memory, party: () => party });
  };
  const offered = options.tokens ? 'RECEIVER' : undefined;
  const interfaces = { locations: 'SENDER', sessions: 'SENDER', chargingprofiles: 'RECEIVER', tokens: offered } as const;
  const party: Party = await openParty(options, { role: 'CPO', partyId: 'CPO', ...interfaces, receive });
  return {
    ...faceOf(party),
    answerProfiles: (conducts) => void Object.assign(memory.conducts, conductsOf(conducts, memory.conducts)),
    answerPreferences: (word) => {
      memory.preferences = word;
    },
    sessions: memory.sessions,
    tokens,
    locations: memory.locations,
    profileRequests: memory.profileRequests,
    posted: memory.posted,
    nextPosted: () => new Promise((hear) => memory.waiters.push(hear)),
    ...pusher(party, memory),
  };
}

function conductsOf(given: ProfileAnswers = {}, before = HONEST): Record<Method, ProfileAnswer> {
  return { PUT: { ...before.PUT, ...given.PUT }, GET: { ...before.GET, ...given.GET }, DELETE: { ...before.DELETE, ...given.DELETE } };
}

function pusher(party: Party, memory: Memory) {
  const urlOf = (id: string) => join(party.endpoint('sessions', 'RECEIVER'), party.role.country_code, party.role.party_id, id);
  return {
    put: (session: Fields & { id: string }) => {
      memory.sessions.set(session.id, session);
      return party.send({ method: 'PUT', url: urlOf(session.id), body: session });
    },
    patch: (id: string, changes: Fields) => {
      memory.sessions.set(id, { ...memory.sessions.get(id), ...changes });
      return party.send({ method: 'PATCH', url: urlOf(id), body: changes });
    },
    pushActiveProfile: (sessionId: string, active: object) =>
      party.send({ method: 'PUT', url: join(party.endpoint('chargingprofiles', 'SENDER'), sessionId), body: active }),
    post: (responseUrl: string, body: object, token?: string) => post(party, memory, { url: responseUrl, body, ...(token !== undefined && { token }) }),
  };
}

async function post(party: Party, memory: Memory, { url, ...request }: { url: string; body: object; token?: string }): Promise<PartnerAnswer> {
  const answer = await party.send({ method: 'POST', url, ...request });
  memory.posted.push({ url, answer });
  for (const hear of memory.waiters.splice(0)) hear(answer);
  return answer;
}

/** OCPI 2.2.1 §9.2.1.2: 404 with 2001 where the EVSE is not CHARGING_PREFERENCES_CAPABLE. */
function hearWishes({ request }: Visit, answer: string | undefined): PartnerReply {
  if (request.method !== 'PUT') return { http: 405, code: 2000 };
  return answer === undefined ? { http: 404, code: 2001 } : { http: 200, code: 1000, data: answer };
}

function list(visit: Visit, objects: ReadonlyMap<string, Fields>, pageSize: number): PartnerReply {
  return visit.request.method === 'GET' && visit.segments.length === 0 ? pageOf(visit, objects.values(), pageSize) : { http: 405, code: 2000 };
}

const isMethod = (method: string): method is Method => method in HONEST;

function dealWith({ request, segments, query, body }: Visit, { memory, party }: { memory: Memory; party: () => Party }): PartnerReply {
  const [sessionId] = segments;
  if (!isMethod(request.method) || sessionId === undefined) return { http: 405, code: 2000 };
  const responseUrl = query.get('response_url') ?? textOf(fieldsOf(body).response_url);
  const duration = query.get('duration');
  memory.profileRequests.push({ method: request.method, sessionId, responseUrl, body: fieldsOf(body), ...(duration !== null && { duration }) });
  const { answer, timeout, later, after, times, token } = memory.conducts[request.method];
  if (!memory.sessions.has(sessionId)) return { http: 200, code: 1000, data: { result: 'UNKNOWN_SESSION', timeout } };
  if (answer === 'ACCEPTED' && later) {
    const result = { url: responseUrl, body: later, ...(token !== undefined && { token }) };
    for (let time = 0; time < times; time += 1) party().clock.after(after, () => void post(party(), memory, result).catch(() => undefined)); // a peer that is gone gets no result
  }
  return { http: 200, code: 1000, data: { result: answer, timeout } };
}
