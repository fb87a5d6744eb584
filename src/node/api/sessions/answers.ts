import type { Clock } from '../../../domain/clock.ts';
import type { Ask } from '../../../domain/exchange.ts';
import type { ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { amperes, type EpochMillis, seconds, toSeconds, watts } from '../../../domain/units.ts';
import { readChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import type { Operator } from '../operator.ts';
import { invalid, type Refusal } from '../refusal.ts';
import { type Asked, type Bound, bind } from '../route.ts';
import {
  clearProfile,
  getActiveProfile,
  getExchange,
  getHistory,
  getSession,
  imposeLimit,
  liftLimit,
  listExchanges,
  listLocations,
  listPeers,
  listSessions,
  listSites,
  listStations,
  setPreferences,
  setProfile,
} from './routes.ts';

/** How far ahead an active profile is asked for when nothing is said. */
const USUAL_DURATION = 900;

/** Every route with what the operator's door answers; the stream of events is served beside them. */
export const answers = (operator: Operator, clock: Clock): readonly Bound[] => [
  bind(listSessions, async ({ query }) => ok(await operator.sessions(query))),
  bind(getSession, ({ params }) => operator.session(params.session)),
  bind(getHistory, async ({ params, query }) => {
    const history = await operator.history(params.session, query.limit);
    return history.ok ? ok({ items: history.value }) : history;
  }),
  bind(setProfile, async ({ params, query, body }) => {
    const profile = profileOf(body, clock.now());
    return profile.ok ? operator.ask(params.session, { kind: 'set', profile: profile.value }, waitOf(query)) : profile;
  }),
  bind(getActiveProfile, ({ params, query }) =>
    operator.ask(params.session, { kind: 'get', duration: seconds(query.duration ?? USUAL_DURATION) } satisfies Ask, waitOf(query)),
  ),
  bind(clearProfile, ({ params, query }) => operator.ask(params.session, { kind: 'clear' }, waitOf(query))),
  bind(setPreferences, ({ params, body }) => operator.prefer(params.session, body)),
  bind(listExchanges, ({ query }) => operator.exchanges(query)),
  bind(getExchange, ({ params }) => operator.exchange(params.exchange)),
  bind(listPeers, async () => ok({ items: await operator.peers() })),
  bind(listLocations, async ({ query }) => ok(await operator.locations(query))),
  bind(listSites, async () => ok({ items: operator.sites() })),
  bind(imposeLimit, ({ query, body }) => operator.imposeLimit(query.node, ceilingOf(body))),
  bind(liftLimit, ({ query }) => operator.imposeLimit(query.node, undefined)),
  bind(listStations, async () => ok({ items: await operator.stations() })),
];

const ceilingOf = ({ a, w }: { a?: number; w?: number }) => ({ ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) });

const waitOf = ({ wait = 0 }: { wait?: number }) => ({ wait: seconds(wait) });

/** A whole profile, or the short way to say one limit; one that ends is counted from now, not from the start of charging. */
function profileOf(body: Asked<typeof setProfile>['body'], now: EpochMillis): Result<ChargingProfile, Refusal> {
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
