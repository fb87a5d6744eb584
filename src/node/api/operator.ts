import type { Ask, ExchangeState } from '../../domain/exchange.ts';
import { exchangeId } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { Ceiling } from '../../domain/site/ceiling.ts';
import type { Abilities } from '../../domain/station.ts';
import { type Seconds, seconds, toSeconds } from '../../domain/units.ts';
import type { WireLocation } from '../../ocpi/locations/location.ts';
import type { WireChargingPreferences } from '../../ocpi/sessions/charging-preferences.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { eventsOfSession } from '../../store/sql/event.ts';
import { exchangeById, newestExchange, newestExchanges, type StoredExchange } from '../../store/sql/exchange.ts';
import { inputsBetween, inputsOf } from '../../store/sql/input.ts';
import { newestLocations } from '../../store/sql/location.ts';
import { newestSession, newestSessions } from '../../store/sql/session.ts';
import { allStations } from '../../store/sql/station.ts';
import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import { createEventLog, type EventLog } from './events/event-log.ts';
import { createEndings } from './exchanges/await-end.ts';
import { type Listed, nextOf } from './lists.ts';
import { type Refusal, refuse } from './refusal.ts';
import { askSession } from './sessions/ask-session.ts';
import { createFinder, type Finder, show } from './sessions/find-session.ts';
import { preferSession } from './sessions/prefer-session.ts';
import type { EventView, ExchangeView, HistoryEntry, LocationView, PeerView, PreferredView, SessionView, StationView } from './sessions/schemas.ts';
import { maskUrl, viewEvent, viewExchange, viewLocation, viewPeer, viewSession, viewStation } from './sessions/view-session.ts';
import { viewSite } from './sites/operations.ts';
import type { SiteView } from './sites/schemas.ts';

export interface Page {
  limit?: number;
  before?: number;
}

/** What the operator of a node may see and do, whatever way it comes in; sessions of parties that the node does not act for are not there. */
export interface Operator {
  sessions(which?: Page & { status?: string; q?: string }): Promise<Listed<SessionView>>;
  /** `name` is `NL*EVK*ID`, or the bare id when only one session has it. */
  session(name: string): Promise<Result<SessionView, Refusal>>;
  history(name: string, limit?: number): Promise<Result<HistoryEntry[], Refusal>>;
  /** Sets, gets or clears a profile; the exchange as it stands at once, or when it has ended within `wait`. */
  ask(name: string, ask: Ask, options?: { wait?: Seconds }): Promise<Result<ExchangeView, Refusal>>;
  /** How its driver wants a session to charge, said to whoever can go by it (OCPI 2.2.1 §9.2.1.2). */
  prefer(name: string, preferences: WireChargingPreferences): Promise<Result<PreferredView, Refusal>>;
  exchanges(which?: Page & { session?: string; state?: ExchangeState; q?: string }): Promise<Result<Listed<ExchangeView>, Refusal>>;
  exchange(id: string): Promise<Result<ExchangeView, Refusal>>;
  peers(): Promise<PeerView[]>;
  stations(): Promise<StationView[]>;
  locations(which?: Page): Promise<Listed<LocationView>>;
  sites(): SiteView[];
  /** Imposes a limit on a node of a site, or lifts it. */
  imposeLimit(path: string, limit: Ceiling | undefined): Promise<Result<{ items: SiteView[] }, Refusal>>;
  /** What happens, in order: from behind the event with this number on, or from now on; until the node stops. */
  events(after?: number): AsyncGenerator<EventView, void>;
  log: EventLog;
  /** Nothing is waited for any longer. */
  stop(): void;
}

const USUAL = 100;
/** Rows that are looked through at once for a state or a name, so that a rare one does not hold up the node. */
const SEARCHED = 10_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

export function createOperator(context: Context, roles: Pick<Roles, 'cpo' | 'remote' | 'scsp' | 'services'>): Operator {
  const { store, config, encryption, peers } = context;
  const finder = createFinder(context, roles);
  const endings = createEndings(context);
  const log = createEventLog(context);
  const closing = new AbortController();
  const sites = () => (roles.cpo?.limits.balances() ?? []).map((it) => viewSite(it, toSeconds(context.clock.now())));
  const view = (exchange: StoredExchange) => viewExchange(exchange, (encrypted) => maskUrl(encryption.decrypt(encrypted)));
  const shown = (stored: StoredExchange | undefined, id: string) => (stored ? ok(view(stored)) : refuse(404, 'NOT_FOUND', `no exchange ${show(id)}`));
  return {
    ...readSessions(context, finder, view),
    ask: async (name, ask, { wait = seconds(0) } = {}) => {
      const found = await finder.find(name);
      const asked = found.ok ? await askSession(context, roles, { session: found.value, ask }) : found;
      return asked.ok ? shown(await endings.of(asked.value, wait), asked.value) : asked;
    },
    prefer: async (name, preferences) => {
      const found = await finder.find(name);
      return found.ok ? preferSession(roles, found.value, preferences) : found;
    },
    exchange: async (id) => shown(await store.first(exchangeById(exchangeId(id))), id),
    peers: async () => (await peers.all()).map(viewPeer),
    stations: async () => {
      const told = new Map((await store.all(allStations<Abilities>())).map((it) => [String(it.id), it]));
      return config.charge_points.map((point) => viewStation(point, told.get(point.id)));
    },
    locations: async ({ limit = USUAL, before = NEWEST } = {}) => {
      const stored = await store.all(newestLocations<WireLocation>(before, limit));
      return { items: stored.map(viewLocation), ...nextOf(stored, limit, 0) };
    },
    sites,
    imposeLimit: async (path, limit) => {
      const done = await roles.cpo?.limits.imposed.impose(path, limit);
      return done?.ok ? ok({ items: sites() }) : refuse(404, 'NOT_FOUND', done?.problem ?? 'this node has no sites');
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

type View = (exchange: StoredExchange) => ExchangeView;

/** What stands in the store of sessions and of what was asked about them. */
function readSessions({ store, clock }: Context, finder: Finder, view: View): Pick<Operator, 'sessions' | 'session' | 'history' | 'exchanges'> {
  return {
    sessions: async ({ status, q, limit = USUAL, before: wanted = NEWEST } = {}) => {
      const before = q === undefined ? wanted : Math.min(wanted, ((await store.first(newestSession)) ?? 0) + 1);
      const floor = q === undefined ? 0 : Math.max(0, before - SEARCHED);
      const which = { floor, before, limit, parties: finder.parties, ...(status !== undefined && { status }), ...(q !== undefined && { q }) };
      const stored = await store.all(newestSessions<OwnSession, Progress>(which));
      const now = clock.now();
      const inputs = Map.groupBy(await store.all(inputsBetween(stored.at(-1)?.seq ?? 0, stored[0]?.seq ?? 0)), ({ session }) => session);
      const items = stored.filter(finder.isOurs).map((it) => viewSession(it, inputs.get(it.key) ?? [], now));
      return { items, ...nextOf(stored, limit, floor) };
    },
    session: async (name) => {
      const found = await finder.find(name);
      return found.ok ? ok(viewSession(found.value, await store.all(inputsOf(found.value.key)), clock.now())) : found;
    },
    history: async (name, limit = USUAL) => {
      const found = await finder.find(name);
      if (!found.ok) return found;
      const session = found.value.key;
      const exchanges = newestExchanges({ floor: 0, before: NEWEST, limit, session });
      const [told, asked] = await Promise.all([store.all(eventsOfSession(session, limit)), store.all(exchanges)]);
      return ok(inTime([...told.map(viewEvent).filter((it) => it !== undefined && it.kind !== 'security'), ...asked.map(view).map(entryOf)]).slice(-limit));
    },
    exchanges: async ({ session: name, state, q, limit = USUAL, before: wanted = NEWEST } = {}) => {
      const session = name === undefined ? undefined : await finder.find(name);
      if (session?.ok === false) return session;
      const before = Math.min(wanted, ((await store.first(newestExchange)) ?? 0) + 1);
      const floor = (state === undefined && q === undefined) || session ? 0 : Math.max(0, before - SEARCHED);
      const stored = await store.all(
        newestExchanges({ floor, before, limit, ...(session && { session: session.value.key }), ...(state && { state }), ...(q !== undefined && { q }) }),
      );
      return ok({ items: stored.map(view), ...nextOf(stored, limit, floor) });
    },
  };
}

const entryOf = (data: ExchangeView): HistoryEntry => ({ kind: 'asked', at: data.accepted_at, session: data.session, data });
/** What was told at one moment stays in the order in which it was told. */
const inTime = (entries: HistoryEntry[]): HistoryEntry[] => entries.sort((a, b) => (a.at === b.at ? idOf(a) - idOf(b) : a.at < b.at ? -1 : 1));
const idOf = (entry: HistoryEntry) => ('id' in entry ? entry.id : 0);
