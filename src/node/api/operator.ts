import type { Ask, ExchangeState } from '../../domain/exchange.ts';
import { type ExchangeId, exchangeId, fold, knownSession } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Abilities } from '../../domain/station.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import { hasOwner, isOver, type OwnSession, type Progress } from '../../roles/cpo/session.ts';
import { eventsOfSession } from '../../store/sql/event.ts';
import { exchangeById, newestExchange, newestExchanges, type StoredExchange } from '../../store/sql/exchange.ts';
import { controlledByKey, newestSessions, sessionByKey, sessionsByFoldedId } from '../../store/sql/session.ts';
import { allStations } from '../../store/sql/station.ts';
import type { Roles } from '../compose.ts';
import type { Ground } from '../ground.ts';
import { type AnySession, maskUrl, viewEvent, viewExchange, viewPeer, viewSession, viewStation } from '../view.ts';
import { createEndings } from './await-end.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { declined, type Refusal, refuse } from './refusal.ts';
import type { EventView, ExchangeView, HistoryEntry, PeerView, SessionView, StationView } from './words.ts';

/** A part of a list, newest first; `next` goes into `before` of the next question, when there is more. */
export interface Listed<T> {
  items: T[];
  next?: number;
}
export interface Page {
  limit?: number;
  before?: number;
}

/** What the operator of a node may see and do, whatever way it comes in; sessions of parties that the node does not act for are not there. */
export interface Operator {
  sessions(which?: Page & { status?: string }): Promise<Listed<SessionView>>;
  /** `name` is `NL*EVK*ID`, or the bare id when only one session has it. */
  session(name: string): Promise<Result<SessionView, Refusal>>;
  history(name: string, limit?: number): Promise<Result<HistoryEntry[], Refusal>>;
  /** Sets, gets or clears a profile; the exchange as it stands at once, or when it has ended within `wait`. */
  ask(name: string, ask: Ask, options?: { wait?: Seconds }): Promise<Result<ExchangeView, Refusal>>;
  exchanges(which?: Page & { session?: string; state?: ExchangeState }): Promise<Result<Listed<ExchangeView>, Refusal>>;
  exchange(id: string): Promise<Result<ExchangeView, Refusal>>;
  peers(): Promise<PeerView[]>;
  stations(): Promise<StationView[]>;
  /** What happens, in order: from behind the event with this number on, or from now on; until the node stops. */
  events(after?: number): AsyncGenerator<EventView, void>;
  log: EventLog;
  /** Nothing is waited for any longer. */
  stop(): void;
}

const USUAL = 100;
/** Exchanges that are looked through at once for a state, so that a rare one does not hold up the node. */
const SEARCHED = 10_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

export function createOperator(ground: Ground, roles: Pick<Roles, 'cpo' | 'emsp'>): Operator {
  const { store, clock, config, seal, peers } = ground;
  const endings = createEndings(ground);
  const log = createEventLog(ground);
  const closing = new AbortController();
  const hideUrl = (sealed: string) => maskUrl(seal.open(sealed));
  const view = (exchange: StoredExchange) => viewExchange(exchange, hideUrl);
  // An SCSP steers sessions of customers who are another party's.
  const parties = config.parties.some((it) => it.role === 'SCSP') ? 'all' : config.parties.filter((it) => it.role === 'EMSP').map(keyOf);
  const isOurs = ({ peer, tokenParty }: AnySession) =>
    peer === undefined
      ? roles.cpo !== undefined
      : roles.emsp !== undefined && (parties === 'all' || (tokenParty !== undefined && parties.includes(tokenParty)));

  async function find(name: string): Promise<Result<AnySession, Refusal>> {
    const whole = await store.first(sessionByKey<OwnSession, Progress>(knownSession(fold(name))));
    const found = whole ? [whole] : await store.all(sessionsByFoldedId<OwnSession, Progress>(fold(name)));
    const [session, ...others] = found.filter(isOurs);
    if (!session) return refuse(404, 'NOT_FOUND', `no session ${show(name)} of a party that this node acts for`);
    if (others.length === 0) return ok(session);
    const keys = [session, ...others].map((it) => it.key).join(', ');
    const refusal = refuse(409, 'AMBIGUOUS', `${others.length + 1} sessions have the id ${show(name)}: name one of ${keys}`);
    return { ...refusal, problem: { ...refusal.problem, field: 'session', allowed: keys } };
  }

  async function start(session: AnySession, ask: Ask): Promise<Result<ExchangeId, Refusal>> {
    if (isOver(session)) return declined('REJECTED', `the session is ${session.status}, only a running one takes charging profiles`);
    const { body } = session;
    if (session.peer !== undefined) {
      if (!roles.emsp || !hasOwner(body)) return refuse(404, 'NOT_FOUND', 'no such session of a party that this node acts for');
      const asked = await roles.emsp.sender.ask({ ...session, body, progress: undefined }, ask);
      return asked.ok ? asked : refuse(409, 'NOT_CONNECTED', asked.problem);
    }
    const controlled = await store.first(controlledByKey(session.key));
    if (!controlled || !roles.cpo) return declined('REJECTED', `the session is ${session.status} and has no car yet`);
    const { answer, exchange } = await roles.cpo.desk.answerOperator(controlled, ask);
    if (answer.result !== 'ACCEPTED') return declined(answer.result, answer.message);
    return exchange === undefined ? refuse(500, 'FAILED', 'accepted, but not kept') : ok(exchange);
  }

  async function follow(id: ExchangeId, patience: Seconds): Promise<Result<ExchangeView, Refusal>> {
    const stored = await endings.of(id, patience);
    return stored ? ok(view(stored)) : refuse(404, 'NOT_FOUND', `no exchange ${show(id)}`);
  }

  async function exchanges(which: Page & { session?: string; state?: ExchangeState } = {}): Promise<Result<Listed<ExchangeView>, Refusal>> {
    const { session: name, state, limit = USUAL } = which;
    const session = name === undefined ? undefined : await find(name);
    if (session?.ok === false) return session;
    const before = Math.min(which.before ?? NEWEST, ((await store.first(newestExchange)) ?? 0) + 1);
    const floor = state === undefined || session ? 0 : Math.max(0, before - SEARCHED);
    const stored = await store.all(newestExchanges({ floor, before, limit, ...(session && { session: session.value.key }), ...(state && { state }) }));
    return ok(listed(stored.map(view), limit, floor));
  }

  return {
    sessions: async ({ status, limit = USUAL, before = NEWEST } = {}) => {
      const stored = await store.all(newestSessions<OwnSession, Progress>({ before, limit, parties, ...(status !== undefined && { status }) }));
      const now = clock.now();
      return listed(
        stored.filter(isOurs).map((it) => viewSession(it, now)),
        limit,
        0,
      );
    },
    session: async (name) => {
      const found = await find(name);
      return found.ok ? ok(viewSession(found.value, clock.now())) : found;
    },
    history: async (name, limit = USUAL) => {
      const found = await find(name);
      if (!found.ok) return found;
      const { key } = found.value;
      const [told, asked] = await Promise.all([
        store.all(eventsOfSession(key, limit)),
        store.all(newestExchanges({ floor: 0, before: NEWEST, limit, session: key })),
      ]);
      return ok(inTime([...told.map(viewEvent).filter((it) => it !== undefined), ...asked.map(view).map(entryOf)]).slice(-limit));
    },
    ask: async (name, ask, { wait = seconds(0) } = {}) => {
      const found = await find(name);
      const started = found.ok ? await start(found.value, ask) : found;
      return started.ok ? follow(started.value, wait) : started;
    },
    exchanges,
    exchange: async (id) => {
      const stored = await store.first(exchangeById(exchangeId(id)));
      return stored ? ok(view(stored)) : refuse(404, 'NOT_FOUND', `no exchange ${show(id)}`);
    },
    peers: async () => (await peers.all()).map(viewPeer),
    stations: async () => {
      const told = new Map((await store.all(allStations<Abilities>())).map((it) => [String(it.id), it]));
      return config.charge_points.map((point) => viewStation(point, told.get(point.id)));
    },
    events: async function* (after) {
      yield* log.follow(await log.place(after), closing.signal);
    },
    log,
    stop: () => {
      closing.abort();
      endings.stop();
    },
  };
}

/** A full page may have another behind it; so may one that ended at a floor. */
function listed<T extends { seq: number }>(items: T[], limit: number, floor: number): Listed<T> {
  const next = items.length >= limit ? items.at(-1)?.seq : floor > 1 ? floor : undefined;
  return { items, ...(next !== undefined && next > 1 && { next }) };
}

const entryOf = (data: ExchangeView): HistoryEntry => ({ kind: 'asked', at: data.accepted_at, session: data.session, data });
/** What was told at one moment stays in the order in which it was told. */
const inTime = (entries: HistoryEntry[]): HistoryEntry[] => entries.sort((a, b) => (a.at === b.at ? idOf(a) - idOf(b) : a.at < b.at ? -1 : 1));
const idOf = (entry: HistoryEntry) => ('id' in entry ? entry.id : 0);

/** What somebody sent, cut short for a message. */
const show = (text: string) => JSON.stringify(text.length > 64 ? `${text.slice(0, 60)}…` : text);
