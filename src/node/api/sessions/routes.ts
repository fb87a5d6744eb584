import { Type } from 'typebox';
import { EXCHANGE_STATES } from '../../../domain/exchange.ts';
import { ChargingProfile, longestSpan } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { consoleRoutes } from '../agreements/routes.ts';
import { Before, Limit, listOf } from '../lists.ts';
import { nothing, type Route, route } from '../route.ts';
import { NodeLimit, SiteView } from '../sites/schemas.ts';
import {
  EventView,
  ExchangeView,
  HistoryEntry,
  LocationView,
  PeerView,
  PreferencesTold,
  PreferredView,
  SessionView,
  ShortLimit,
  StationView,
} from './schemas.ts';

/** The longest that one request waits for an outcome, in seconds. */
const longestWait = 120;

const wait = Type.Optional(Type.Integer({ minimum: 0, maximum: longestWait, description: 's to wait for the outcome' }));
const Q = Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'a part of its names; case does not matter' }));

const SessionStatus = oneOf('ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION');

export const listSessions = route({
  name: 'list-sessions',
  says: 'Sessions of our own charge points and of customers of our parties, newest first.',
  method: 'GET',
  path: 'sessions',
  scope: 'view',
  query: Type.Object({ q: Q, status: Type.Optional(SessionStatus), limit: Limit, before: Before }),
  body: nothing,
  answer: listOf(SessionView),
  replies: 'at once',
});

export const getSession = route({
  name: 'get-session',
  says: 'One session, by NL*EVK*ID or by its bare id when only one session has it.',
  method: 'GET',
  path: 'sessions/{session}',
  scope: 'view',
  query: nothing,
  body: nothing,
  answer: SessionView,
  replies: 'at once',
});

export const getHistory = route({
  name: 'get-history',
  says: 'What was told and asked of one session, in the order of time; the newest entries when there are more than limit.',
  method: 'GET',
  path: 'sessions/{session}/history',
  scope: 'view',
  query: Type.Object({ limit: Limit }),
  body: nothing,
  answer: Type.Object({ items: Type.Array(HistoryEntry) }),
  replies: 'at once',
});

export const setProfile = route({
  name: 'set-charging-profile',
  says: 'Sets or replaces the charging profile of a session: a ChargingProfile of OCPI, or one limit from now on.',
  method: 'PUT',
  path: 'sessions/{session}/charging-profile',
  scope: 'operate',
  query: Type.Object({ wait }),
  body: Type.Union([ChargingProfile, ShortLimit]),
  answer: ExchangeView,
  replies: 'later',
});

export const getActiveProfile = route({
  name: 'get-active-charging-profile',
  says: 'Asks the charge point what it will stay below for the next seconds; the answer is in the outcome.',
  method: 'GET',
  path: 'sessions/{session}/active-charging-profile',
  scope: 'operate',
  query: Type.Object({ duration: Type.Optional(Type.Integer({ minimum: 1, maximum: longestSpan, default: 900, description: 's' })), wait }),
  body: nothing,
  answer: ExchangeView,
  replies: 'later',
});

export const clearProfile = route({
  name: 'clear-charging-profile',
  says: 'Takes the charging profile of a session back.',
  method: 'DELETE',
  path: 'sessions/{session}/charging-profile',
  scope: 'operate',
  query: Type.Object({ wait }),
  body: nothing,
  answer: ExchangeView,
  replies: 'later',
});

export const setPreferences = route({
  name: 'set-charging-preferences',
  says: 'Says how its driver wants a session to charge, to its charge point operator and to whoever steers it; a new word replaces the one before.',
  method: 'PUT',
  path: 'sessions/{session}/preferences',
  scope: 'operate',
  query: nothing,
  body: PreferencesTold,
  answer: PreferredView,
  replies: 'at once',
});

export const listExchanges = route({
  name: 'list-exchanges',
  says: 'Requests about charging profiles, newest first.',
  method: 'GET',
  path: 'exchanges',
  scope: 'view',
  query: Type.Object({
    q: Q,
    session: Type.Optional(Type.String({ maxLength: 64 })),
    state: Type.Optional(oneOf(...EXCHANGE_STATES)),
    limit: Limit,
    before: Before,
  }),
  body: nothing,
  answer: listOf(ExchangeView),
  replies: 'at once',
});

export const getExchange = route({
  name: 'get-exchange',
  says: 'One request about a charging profile.',
  method: 'GET',
  path: 'exchanges/{exchange}',
  scope: 'view',
  query: nothing,
  body: nothing,
  answer: ExchangeView,
  replies: 'at once',
});

export const listPeers = route({
  name: 'list-peers',
  says: 'The platforms that this node is connected with, or has invited.',
  method: 'GET',
  path: 'peers',
  scope: 'view',
  query: nothing,
  body: nothing,
  answer: Type.Object({ items: Type.Array(PeerView) }),
  replies: 'at once',
});

export const listStations = route({
  name: 'list-stations',
  says: 'The charge points of this node.',
  method: 'GET',
  path: 'stations',
  scope: 'view',
  query: nothing,
  body: nothing,
  answer: Type.Object({ items: Type.Array(StationView) }),
  replies: 'at once',
});

export const listLocations = route({
  name: 'list-locations',
  says: 'Locations of our own charge points and those that peers told us of, newest first.',
  method: 'GET',
  path: 'locations',
  scope: 'view',
  query: Type.Object({ limit: Limit, before: Before }),
  body: nothing,
  answer: listOf(LocationView),
  replies: 'at once',
});

export const listSites = route({
  name: 'list-sites',
  says: 'The sites of this node: their limits now, what counts against them, and what each EVSE may draw.',
  method: 'GET',
  path: 'sites',
  scope: 'view',
  query: nothing,
  body: nothing,
  answer: Type.Object({ items: Type.Array(SiteView) }),
  replies: 'at once',
});

const NodePath = Type.Object({ node: Type.String({ minLength: 1, maxLength: 1_000, description: 'names with slashes between, such as garage/north' }) });

export const imposeLimit = route({
  name: 'impose-limit',
  says: 'Imposes a limit on a node of a site, beside its own ones, until it is lifted.',
  method: 'PUT',
  path: 'sites/limits',
  scope: 'operate',
  query: NodePath,
  body: NodeLimit,
  answer: Type.Object({ items: Type.Array(SiteView) }),
  replies: 'at once',
});

export const liftLimit = route({
  name: 'lift-limit',
  says: 'Lifts what was imposed on a node of a site; its own limits go on.',
  method: 'DELETE',
  path: 'sites/limits',
  scope: 'operate',
  query: NodePath,
  body: nothing,
  answer: Type.Object({ items: Type.Array(SiteView) }),
  replies: 'at once',
});

export const followEvents = route({
  name: 'follow-events',
  says: 'Server-sent events of sessions, active profiles and outcomes, resumed by Last-Event-ID or by after; without either, from now on.',
  method: 'GET',
  path: 'events',
  scope: 'view',
  query: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })) }),
  body: nothing,
  answer: EventView,
  replies: 'stream',
});

/** Everything that the door answers. */
export const routes: readonly Route[] = [
  listSessions,
  getSession,
  getHistory,
  setProfile,
  getActiveProfile,
  clearProfile,
  setPreferences,
  listExchanges,
  getExchange,
  listPeers,
  listStations,
  listLocations,
  listSites,
  imposeLimit,
  liftLimit,
  followEvents,
  ...consoleRoutes,
];
