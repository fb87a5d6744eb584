import type { ModuleName } from './faults.ts';
import { pageOf } from './page.ts';
import { openParty, type Partner, type Party, type PartyOptions, partnerOf } from './party.ts';
import type { PartnerReply, RoutedRequest } from './recording-server.ts';
import { TokenReceiver } from './tokens.ts';
import { type Fields, fieldsOf, join, type PartnerAnswer, textOf } from './wire.ts';

/** How a CPO answers charging profile requests of one method. */
export interface ProfileAnswer {
  /** `result` in the answer. */
  answer: string;
  /** `status_message` beside the answer; absent: the default text. */
  says?: string | undefined;
  /** `timeout` in the answer, in seconds. */
  timeout: number;
  /** The body of the result that it posts to response_url; absent: it posts none. */
  later?: object;
  /** Milliseconds between the answer and the result. */
  after: number;
  /** How often it posts the result; the standard allows once. */
  times: number;
  /** The token that it sends with the result instead of the right one. */
  token?: string;
}

/** The default answers by method. */
const DEFAULT_ANSWERS: Record<'PUT' | 'GET' | 'DELETE', ProfileAnswer> = {
  PUT: { answer: 'ACCEPTED', timeout: 30, later: { result: 'ACCEPTED' }, after: 0, times: 1 },
  GET: { answer: 'ACCEPTED', timeout: 30, later: { result: 'REJECTED' }, after: 0, times: 1 },
  DELETE: { answer: 'ACCEPTED', timeout: 30, later: { result: 'ACCEPTED' }, after: 0, times: 1 },
};
type Method = keyof typeof DEFAULT_ANSWERS;
/** Changes to the answers, by method. */
export type ProfileAnswers = Partial<Record<Method, Partial<ProfileAnswer>>>;

/** Options of a simulated CPO. */
export interface CpoOptions extends PartyOptions {
  profileAnswers?: ProfileAnswers;
  /** Objects per page; default 50. */
  pageSize?: number;
  /** Its answer to charging preferences; absent: 404, its EVSEs do not support them. */
  preferences?: string;
  /** Has the Receiver interface of the tokens module. */
  tokens?: boolean;
}

/** A received charging profile request. */
export interface ProfileRequest {
  method: Method;
  sessionId: string;
  responseUrl: string;
  body: Fields;
  duration?: string;
}

/** A simulated CPO: it lists sessions and locations, pushes sessions, receives charging profile requests and posts their results. */
export interface Cpo extends Partner {
  /** The sessions in its list by id, oldest first. */
  readonly sessions: Map<string, Fields>;
  /** The tokens that it has received. */
  readonly tokens: TokenReceiver;
  /** The locations in its list by id, oldest first. */
  readonly locations: Map<string, Fields>;
  /** Stores a session and pushes it with PUT. */
  put(session: Fields & { id: string }): Promise<PartnerAnswer>;
  /** Changes a session and pushes the changes with PATCH. */
  patch(id: string, changes: Fields): Promise<PartnerAnswer>;
  /** Pushes an ActiveChargingProfile. */
  pushActiveProfile(sessionId: string, active: object): Promise<PartnerAnswer>;
  /** Posts any result to a response_url. */
  post(responseUrl: string, body: object, token?: string): Promise<PartnerAnswer>;
  readonly profileRequests: readonly ProfileRequest[];
  /** Its posted results with their answers, in order. */
  readonly posted: readonly { url: string; answer: PartnerAnswer }[];
  /** Resolves with the answer to the next result that it posts. */
  nextPosted(): Promise<PartnerAnswer>;
  /** Changes how it answers charging profile requests. */
  answerProfiles(answers: ProfileAnswers): void;
  /** Sets its answer to charging preferences. */
  answerPreferences(answer: string | undefined): void;
}

interface Memory {
  sessions: Map<string, Fields>;
  locations: Map<string, Fields>;
  profileAnswers: Record<Method, ProfileAnswer>;
  profileRequests: ProfileRequest[];
  posted: { url: string; answer: PartnerAnswer }[];
  waiters: ((answer: PartnerAnswer) => void)[];
  preferencesAnswer: string | undefined;
  pageSize: number;
}

/** Opens a CPO on loopback. */
export async function openCpo(options: CpoOptions): Promise<Cpo> {
  const memory: Memory = {
    sessions: new Map(),
    locations: new Map(),
    profileAnswers: answersOf(options.profileAnswers),
    profileRequests: [],
    posted: [],
    waiters: [],
    pageSize: options.pageSize ?? 50,
    preferencesAnswer: options.preferences,
  };
  const tokens = new TokenReceiver(() => party);
  const receive = (module: ModuleName, routed: RoutedRequest): PartnerReply => {
    if (module === 'sessions' && routed.segments[1] === 'charging_preferences') return receivePreferences(routed, memory.preferencesAnswer);
    if (module === 'sessions' || module === 'locations') return list(routed, memory[module], memory.pageSize);
    return module === 'tokens' ? tokens.receive(routed) : answerProfileRequest(routed, { memory, party: () => party });
  };
  const offered = options.tokens ? 'RECEIVER' : undefined;
  const interfaces = { locations: 'SENDER', sessions: 'SENDER', chargingprofiles: 'RECEIVER', tokens: offered } as const;
  const party: Party = await openParty(options, { role: 'CPO', partyId: 'CPO', ...interfaces, receive });
  return {
    ...partnerOf(party),
    answerProfiles: (answers) => void Object.assign(memory.profileAnswers, answersOf(answers, memory.profileAnswers)),
    answerPreferences: (answer) => {
      memory.preferencesAnswer = answer;
    },
    sessions: memory.sessions,
    tokens,
    locations: memory.locations,
    profileRequests: memory.profileRequests,
    posted: memory.posted,
    nextPosted: () => new Promise((resolve) => memory.waiters.push(resolve)),
    ...pushesOf(party, memory),
  };
}

function answersOf(given: ProfileAnswers = {}, before = DEFAULT_ANSWERS): Record<Method, ProfileAnswer> {
  return { PUT: { ...before.PUT, ...given.PUT }, GET: { ...before.GET, ...given.GET }, DELETE: { ...before.DELETE, ...given.DELETE } };
}

function pushesOf(party: Party, memory: Memory) {
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
  for (const resolve of memory.waiters.splice(0)) resolve(answer);
  return answer;
}

/** 404 with 2001 when the EVSE is not CHARGING_PREFERENCES_CAPABLE (OCPI 2.2.1 §9.2.1.2). */
function receivePreferences({ request }: RoutedRequest, answer: string | undefined): PartnerReply {
  if (request.method !== 'PUT') return { http: 405, code: 2000 };
  return answer === undefined ? { http: 404, code: 2001 } : { http: 200, code: 1000, data: answer };
}

function list(routed: RoutedRequest, objects: ReadonlyMap<string, Fields>, pageSize: number): PartnerReply {
  return routed.request.method === 'GET' && routed.segments.length === 0 ? pageOf(routed, objects.values(), pageSize) : { http: 405, code: 2000 };
}

const isMethod = (method: string): method is Method => method in DEFAULT_ANSWERS;

function answerProfileRequest({ request, segments, query, body }: RoutedRequest, { memory, party }: { memory: Memory; party: () => Party }): PartnerReply {
  const [sessionId] = segments;
  if (!isMethod(request.method) || sessionId === undefined) return { http: 405, code: 2000 };
  const responseUrl = query.get('response_url') ?? textOf(fieldsOf(body).response_url);
  const duration = query.get('duration');
  memory.profileRequests.push({ method: request.method, sessionId, responseUrl, body: fieldsOf(body), ...(duration !== null && { duration }) });
  const { answer, says, timeout, later, after, times, token } = memory.profileAnswers[request.method];
  if (!memory.sessions.has(sessionId)) return { http: 200, code: 1000, data: { result: 'UNKNOWN_SESSION', timeout } };
  if (answer === 'ACCEPTED' && later) {
    const result = { url: responseUrl, body: later, ...(token !== undefined && { token }) };
    // An unreachable peer gets no result.
    for (let time = 0; time < times; time += 1) party().clock.after(after, () => void post(party(), memory, result).catch(() => undefined));
  }
  return { http: 200, code: 1000, data: { result: answer, timeout }, ...(says !== undefined && { message: says }) };
}
