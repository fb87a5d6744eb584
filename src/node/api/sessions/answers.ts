import type { Clock } from '../../../domain/clock.ts';
import type { Ask } from '../../../domain/exchange.ts';
import type { ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { amperes, type EpochMillis, seconds, toSeconds, watts } from '../../../domain/units.ts';
import { readChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { answerWith } from '../exchanges/refused-exchange.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { type AnsweredRoute, answerRoute, type CheckedRequest } from '../route.ts';
import { sessionRows } from './export-sessions.ts';
import type { SessionOperations } from './operations.ts';
import {
  clearProfile,
  exportSessions,
  getActiveProfile,
  getHistory,
  getSeries,
  getSession,
  getWhy,
  listSessions,
  setPreferences,
  setProfile,
} from './routes.ts';

/** How many seconds of the active profile are requested when the request does not say. */
const DEFAULT_DURATION = 900;

type Asking = ReturnType<SessionOperations['ask']>;
/** A request that was refused in time is a refusal, not a success (F-73). */
async function outcomeOrRefusal(asking: Asking): Asking {
  const asked = await asking;
  return asked.ok ? answerWith(asked.value) : asked;
}

export const sessionAnswers = (operations: SessionOperations, clock: Clock): readonly AnsweredRoute[] => [
  answerRoute(listSessions, ({ query }) => operations.selectSessions(query)),
  answerRoute(exportSessions, ({ query }) => sessionRows(operations, query)),
  answerRoute(getSession, ({ params }) => operations.session(params.session)),
  answerRoute(getWhy, ({ params }) => operations.why(params.session)),
  answerRoute(getHistory, async ({ params, query }) => {
    const history = await operations.history(params.session, query.limit);
    return history.ok ? ok({ items: history.value }) : history;
  }),
  answerRoute(getSeries, ({ params }) => operations.series(params.session)),
  answerRoute(setProfile, async ({ params, query, body }, by) => {
    const profile = profileOf(body, clock.now());
    const options = { ...waitOf(query), ...(query.mode !== undefined && { mode: query.mode }), author: by.id };
    return profile.ok ? outcomeOrRefusal(operations.ask(params.session, { kind: 'set', profile: profile.value }, options)) : profile;
  }),
  answerRoute(getActiveProfile, ({ params, query }) =>
    outcomeOrRefusal(operations.ask(params.session, { kind: 'get', duration: seconds(query.duration ?? DEFAULT_DURATION) } satisfies Ask, waitOf(query))),
  ),
  answerRoute(clearProfile, ({ params, query }) => {
    const ask: Ask = { kind: 'clear', ...(query.profiles === 'own' && { keepsOthers: true }) };
    return outcomeOrRefusal(operations.ask(params.session, ask, waitOf(query)));
  }),
  answerRoute(setPreferences, ({ params, body }) => operations.prefer(params.session, body)),
];

const waitOf = ({ wait = 0 }: { wait?: number }) => ({ wait: seconds(wait) });

/** The profile of a body in the long or the short form. A short one that ends is counted from now, not from the start of charging. */
function profileOf(body: CheckedRequest<typeof setProfile>['body'], now: EpochMillis): Result<ChargingProfile, Refusal> {
  if (!('limit' in body)) {
    const read = readChargingProfile(body);
    return read.ok ? read : invalid(read.problem.split(':')[0] ?? 'body', read.problem);
  }
  const span = body.for === undefined ? {} : { start: toSeconds(now), duration: seconds(body.for) };
  const start = seconds(0);
  return ok(
    body.unit === 'W'
      ? { unit: 'W', ...span, periods: [{ start, limit: watts(body.limit) }] }
      : { unit: 'A', ...span, periods: [{ start, limit: amperes(body.limit) }] },
  );
}
