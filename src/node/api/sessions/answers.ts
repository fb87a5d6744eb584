import type { Clock } from '../../../domain/clock.ts';
import type { Ask } from '../../../domain/exchange.ts';
import { ok } from '../../../domain/result.ts';
import { seconds } from '../../../domain/units.ts';
import { answerWith } from '../exchanges/refused-exchange.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import { entryOfClear, entryOfSet } from './audit-entry.ts';
import type { SessionOperations } from './operations.ts';
import {
  clearProfile,
  getActiveProfile,
  getHistory,
  getNamedSession,
  getSeries,
  getSession,
  getWhy,
  listSessions,
  setPreferences,
  setProfile,
} from './routes.ts';
import { readWrittenProfile } from './written-profile.ts';

/** How many seconds of the active profile are requested when the request does not say. */
const DEFAULT_DURATION = 900;

type Asking = ReturnType<SessionOperations['ask']>;
/** A request that was refused in time is a refusal, not a success (F-73). */
async function outcomeOrRefusal(asking: Asking): Asking {
  const asked = await asking;
  return asked.ok ? answerWith(asked.value) : asked;
}

export const sessionAnswers = (operations: SessionOperations, clock: Clock): readonly AnsweredRoute[] => [
  answerRoute(listSessions, async ({ query }) => ok(await operations.sessions(query))),
  answerRoute(getSession, ({ params }) => operations.session(params.session)),
  answerRoute(getNamedSession, ({ query }) => operations.namedSession(query.name)),
  answerRoute(getWhy, ({ params }) => operations.why(params.session)),
  answerRoute(getHistory, async ({ params, query }) => {
    const history = await operations.history(params.session, query.limit);
    return history.ok ? ok({ items: history.value }) : history;
  }),
  answerRoute(getSeries, ({ params }) => operations.series(params.session)),
  answerRoute(
    setProfile,
    async ({ params, query, body }, by) => {
      const profile = readWrittenProfile(body, clock.now());
      const options = { ...waitOf(query), ...(query.mode !== undefined && { mode: query.mode }), author: by.id };
      return profile.ok ? outcomeOrRefusal(operations.ask(params.session, { kind: 'set', profile: profile.value, ...becauseOf(query) }, options)) : profile;
    },
    entryOfSet,
  ),
  answerRoute(getActiveProfile, ({ params, query }) =>
    outcomeOrRefusal(operations.ask(params.session, { kind: 'get', duration: seconds(query.duration ?? DEFAULT_DURATION) } satisfies Ask, waitOf(query))),
  ),
  answerRoute(
    clearProfile,
    ({ params, query }) => {
      const ask: Ask = { kind: 'clear', ...(query.profiles === 'own' && { keepsOthers: true }), ...becauseOf(query) };
      return outcomeOrRefusal(operations.ask(params.session, ask, waitOf(query)));
    },
    entryOfClear,
  ),
  answerRoute(setPreferences, ({ params, body }) => operations.prefer(params.session, body)),
];

const becauseOf = ({ reason }: { reason?: string }) => (reason === undefined ? {} : { because: reason });
const waitOf = ({ wait = 0 }: { wait?: number }) => ({ wait: seconds(wait) });
