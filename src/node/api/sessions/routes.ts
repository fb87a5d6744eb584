import { Type } from 'typebox';
import { ChargingProfile, longestSpan } from '../../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { ExchangeView } from '../exchanges/schemas.ts';
import { Reason } from '../fields.ts';
import { Before, Limit, listOf, pageOf, SearchText } from '../lists.ts';
import { nothing, queryRoute, readRoute, route } from '../route.ts';
import { HistoryEntry, PreferencesBody, PreferredView, SeriesView, SessionView, ShortLimit, WhyView } from './schemas.ts';

/** Longest time that one request waits for an outcome, in seconds. */
const LONGEST_WAIT = 120;

const wait = Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_WAIT, description: 's to wait for the outcome' }));
export const SetMode = Type.Optional(
  Type.Unsafe<'replace' | 'lower-only'>({
    ...oneOf('replace', 'lower-only'),
    description:
      'needed when another party has a profile on the session (see combination.replaces): `replace` drops its profile, and the party is told; `lower-only` keeps it, and the lowest limit applies at each moment',
  }),
);
const ClearedProfiles = Type.Optional(
  Type.Unsafe<'all' | 'own'>({
    ...oneOf('all', 'own'),
    description: 'all (the default): the profiles of all parties; own: only the one that the operator set with `lower-only`',
  }),
);
const SessionStatus = oneOf('ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION');

export const listSessions = queryRoute({
  name: 'list-sessions',
  summary: 'Sessions at our own charge points and of customers of our parties, newest first.',
  path: 'sessions',
  query: Type.Object({ q: SearchText, status: Type.Optional(SessionStatus), limit: Limit, before: Before }),
  answer: pageOf(SessionView),
});

export const getSession = readRoute({
  name: 'get-session',
  summary: 'One session, by NL*EVK*ID, or by its bare id when only one session has it.',
  path: 'sessions/{session}',
  answer: SessionView,
});

export const getNamedSession = queryRoute({
  name: 'get-named-session',
  summary:
    'The one session that a name means: an id or key, the beginning of either, or an EVSE (uid or EVSE ID) or a charge point with one running session. With several meanings it answers AMBIGUOUS with the sessions.',
  path: 'named-session',
  query: Type.Object({ name: Type.String({ minLength: 1, maxLength: 128, description: 'upper and lower case are equal' }) }),
  answer: SessionView,
});

export const getWhy = readRoute({
  name: 'get-why',
  summary: 'Why a session charges as fast, or as slowly, as it does: one sentence, and the causes with what supports them and what would change them.',
  path: 'sessions/{session}/why',
  answer: WhyView,
});

export const getSeries = readRoute({
  name: 'get-session-series',
  summary: 'Requested profiles, active profiles, maximum and measured power of a session over time.',
  path: 'sessions/{session}/series',
  answer: SeriesView,
});

export const getHistory = queryRoute({
  name: 'get-history',
  summary: 'Events and requests of one session in the order of time; the newest ones when there are more than limit.',
  path: 'sessions/{session}/history',
  query: Type.Object({ limit: Limit }),
  answer: listOf(HistoryEntry),
});

export const setProfile = route({
  name: 'set-charging-profile',
  summary: 'Sets or replaces the charging profile of a session. The body is an OCPI ChargingProfile, or one limit from now on.',
  method: 'PUT',
  path: 'sessions/{session}/charging-profile',
  scope: 'operate',
  query: Type.Object({ wait, mode: SetMode, reason: Reason }),
  body: Type.Union([ChargingProfile, ShortLimit]),
  answer: ExchangeView,
  replies: 'later',
});

export const getActiveProfile = route({
  name: 'get-active-charging-profile',
  summary: 'Asks the charge point which limits hold for the next seconds. The answer is in the outcome.',
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
  summary: 'Clears the charging profiles of a session.',
  method: 'DELETE',
  path: 'sessions/{session}/charging-profile',
  scope: 'operate',
  query: Type.Object({ wait, profiles: ClearedProfiles, reason: Reason }),
  body: nothing,
  answer: ExchangeView,
  replies: 'later',
});

export const setPreferences = route({
  name: 'set-charging-preferences',
  summary: 'Sends the charging preferences of the driver to the CPO and to the SCSP that controls the session. New preferences replace earlier ones.',
  method: 'PUT',
  path: 'sessions/{session}/preferences',
  scope: 'operate',
  query: nothing,
  body: PreferencesBody,
  answer: PreferredView,
  replies: 'at once',
});
