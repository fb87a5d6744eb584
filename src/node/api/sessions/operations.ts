import type { Ask } from '../../../domain/exchange.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { type Seconds, seconds } from '../../../domain/units.ts';
import type { WireChargingPreferences } from '../../../ocpi/sessions/charging-preferences.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { eventsOfSession } from '../../../store/sql/event.ts';
import { inputsBetween } from '../../../store/sql/input.ts';
import { isRunning, newestSession, newestSessions } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { ExchangeOperations } from '../exchanges/operations.ts';
import type { ExchangeView } from '../exchanges/schemas.ts';
import { DEFAULT_LIMIT, MOST_SEARCHED, NEWEST, nextOf, type Page, type PageRequest } from '../lists.ts';
import { ownIssuers } from '../masks.ts';
import type { Refusal } from '../refusal.ts';
import type { SessionFinder } from './find-session.ts';
import { mergeHistory } from './history.ts';
import type { HistoryEntry, PreferredView, SeriesView, SessionView, WhyView } from './schemas.ts';
import { type SetMode, sendAsk } from './send-ask.ts';
import { sendPreferences } from './send-preferences.ts';
import { readSeries } from './session-series.ts';
import type { SessionViewer } from './session-viewer.ts';
import type { AnySession } from './view-session.ts';

/** What an operator does with sessions. `name` is `NL*EVK*ID`, or the bare id when only one session has it. */
export interface SessionOperations {
  sessions(which?: PageRequest & { status?: string; q?: string }): Promise<Page<SessionView>>;
  session(name: string): Promise<Result<SessionView, Refusal>>;
  /** The session that a name means: also an EVSE or a charge point with one running session, or the beginning of an id. */
  namedSession(name: string): Promise<Result<SessionView, Refusal>>;
  /** Why the session charges as fast, or as slowly, as it does. */
  why(name: string): Promise<Result<WhyView, Refusal>>;
  history(name: string, limit?: number): Promise<Result<HistoryEntry[], Refusal>>;
  series(name: string): Promise<Result<SeriesView, Refusal>>;
  /**
   * Sets, gets or clears a profile. Returns the exchange as it stands at once, or when it has ended within `wait`. `mode`: what becomes of
   * the profiles of other parties; a set is refused without it when there are any. `author`: the id of the user or API key.
   */
  ask(name: string, ask: Ask, options?: { wait?: Seconds; mode?: SetMode; author?: string | undefined }): Promise<Result<ExchangeView, Refusal>>;
  /** Sends the charging preferences of the driver to every party that uses them (OCPI 2.2.1 §9.2.1.2). */
  prefer(name: string, preferences: WireChargingPreferences): Promise<Result<PreferredView, Refusal>>;
}

interface Dependencies {
  context: Context;
  roles: Pick<Roles, 'cpo' | 'remote' | 'scsp' | 'services'>;
  finder: SessionFinder;
  viewer: SessionViewer;
  exchanges: Pick<ExchangeOperations, 'exchangesOf' | 'whenEnded'>;
}

export function sessionOperations({ context, roles, finder, viewer, exchanges }: Dependencies): SessionOperations {
  const { store, config } = context;
  /** Runs an operation on the session with a name, or refuses when there is none. */
  const on = async <T>(name: string, operation: (session: AnySession) => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> => {
    const found = await finder.find(name);
    return found.ok ? operation(found.value) : found;
  };
  return {
    sessions: (which = {}) => listSessions(context, { finder, viewer }, which),
    session: (name) => on(name, async (it) => ok(await viewer.viewOne(it))),
    namedSession: async (name) => {
      const found = await finder.named(name);
      return found.ok ? ok(await viewer.viewOne(found.value)) : found;
    },
    why: (name) => on(name, (it) => viewer.why(it)),
    history: (name, limit = DEFAULT_LIMIT) =>
      on(name, async ({ key }) => {
        const [events, asked] = await Promise.all([store.all(eventsOfSession(key, limit)), exchanges.exchangesOf(key, limit)]);
        return ok(mergeHistory(events, asked, ownIssuers(config)).slice(-limit));
      }),
    series: (name) => on(name, async (it) => ok(await readSeries(context, roles, it))),
    ask: (name, ask, { wait = seconds(0), mode, author } = {}) =>
      on(name, async (session) => {
        const asked = await sendAsk(context, roles, { session, ask, mode, author });
        return asked.ok ? exchanges.whenEnded(asked.value, wait) : asked;
      }),
    prefer: (name, preferences) => on(name, (session) => sendPreferences(roles, session, preferences)),
  };
}

type Which = NonNullable<Parameters<SessionOperations['sessions']>[0]>;

async function listSessions(
  { store }: Pick<Context, 'store'>,
  { finder, viewer }: Pick<Dependencies, 'finder' | 'viewer'>,
  which: Which,
): Promise<Page<SessionView>> {
  const { status, q, limit = DEFAULT_LIMIT, before: wanted = NEWEST } = which;
  // No index leads to a name, or to the sessions that ended with a certain status.
  const searches = q !== undefined || (status !== undefined && !isRunning(status));
  const before = searches ? Math.min(wanted, ((await store.first(newestSession)) ?? 0) + 1) : wanted;
  const floor = searches ? Math.max(0, before - MOST_SEARCHED) : 0;
  const criteria = { floor, before, limit, parties: finder.parties, ...(status !== undefined && { status }), ...(q !== undefined && { q }) };
  const stored = await store.all(newestSessions<OwnSession, Progress>(criteria));
  const inputs = Map.groupBy(await store.all(inputsBetween(stored.at(-1)?.seq ?? 0, stored[0]?.seq ?? 0)), ({ session }) => session);
  const items = await viewer.view(stored.filter(finder.isVisible), ({ key }) => inputs.get(key) ?? []);
  return { items, ...nextOf(stored, limit, floor) };
}
