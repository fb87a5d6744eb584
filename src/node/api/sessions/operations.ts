import type { Ask } from '../../../domain/exchange.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { type Seconds, seconds } from '../../../domain/units.ts';
import type { WireChargingPreferences } from '../../../ocpi/sessions/charging-preferences.ts';
import { eventsOfSession } from '../../../store/sql/event.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { ExchangeOperations } from '../exchanges/operations.ts';
import type { ExchangeView } from '../exchanges/schemas.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest } from '../lists.ts';
import { ownIssuers } from '../masks.ts';
import type { Refusal } from '../refusal.ts';
import type { SessionFinder } from './find-session.ts';
import { mergeHistory } from './history.ts';
import { listSessions, listStored, type SessionPage, type SessionRequest } from './list-sessions.ts';
import { RunningSessions } from './running-sessions.ts';
import type { HistoryEntry, PreferredView, SeriesView, SessionView, WhyView } from './schemas.ts';
import { type SetMode, sendAsk } from './send-ask.ts';
import { sendPreferences } from './send-preferences.ts';
import { readSeries } from './session-series.ts';
import type { SessionViewer } from './session-viewer.ts';
import type { AnySession } from './view-session.ts';

/** What an operator does with sessions. `name` is `NL*EVK*ID`, or the bare id when only one session has it. */
export interface SessionOperations {
  /** Newest first. */
  sessions(which?: PageRequest & { status?: string; q?: string }): Promise<Page<SessionView>>;
  /** Filtered and sorted. Refused for a filter that ended sessions do not have, and for an `after` of another order. */
  selectSessions(which: SessionRequest): Promise<Result<SessionPage, Refusal>>;
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
  const lists = { context, roles, finder, viewer, running: new RunningSessions({ context, roles, finder, viewer }) };
  /** Runs an operation on the session with a name, or refuses when there is none. */
  const on = async <T>(name: string, operation: (session: AnySession) => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> => {
    const found = await finder.find(name);
    return found.ok ? operation(found.value) : found;
  };
  return {
    sessions: (which = {}) => listStored(lists, which),
    selectSessions: (which) => listSessions(lists, which),
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
