import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { type EpochSeconds, epochMillis, epochSeconds, toSeconds } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import { Moment, WattSteps } from './fields.ts';
import { type AnsweredRoute, answerRoute, queryRoute } from './route.ts';

/** Measured power of each location over time. */
const LoadView = Type.Object({
  from: Moment,
  to: Moment,
  sites: Type.Array(
    Type.Object({
      location_id: Type.String(),
      name: Type.Optional(Type.String()),
      sessions: Type.Integer(),
      limit_watts: Type.Optional(
        Type.Number({ description: 'W; sum of the limits of its grid connections; absent when they do not supply exactly the EVSEs of the location' }),
      ),
      load: WattSteps,
    }),
  ),
});
type LoadView = Static<typeof LoadView>;

/** Minutes that a request covers at most, and when it does not say. */
const MOST_MINUTES = 60;

export const getLoad = queryRoute({
  name: 'get-load',
  summary: 'The measured power of each location over the last minutes, and the limit of its grid connections.',
  path: 'load',
  query: Type.Object({ minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_MINUTES, default: MOST_MINUTES })) }),
  answer: LoadView,
});

export const loadAnswers = (context: Context, roles: Pick<Roles, 'cpo'>): readonly AnsweredRoute[] => [
  answerRoute(getLoad, async ({ query: { minutes = MOST_MINUTES } }) => ok(viewLoad(context, roles, minutes))),
];

function viewLoad({ clock, config }: Context, { cpo }: Pick<Roles, 'cpo'>, minutes: number): LoadView {
  const now = clock.now();
  const from = epochSeconds(toSeconds(now) - minutes * 60);
  const names = new Map(config.locations.map(({ id, name }) => [id, name]));
  const loads = cpo?.load.since(from) ?? new Map();
  return {
    from: printDateTime(epochMillis(from * 1000)),
    to: printDateTime(now),
    sites: [...loads].map(([location_id, { sessions, points }]) => {
      const [name, limit] = [names.get(location_id), cpo && limitOf(cpo, config, location_id)];
      return {
        location_id,
        sessions,
        load: points.map(([at, watts]: [EpochSeconds, number]) => [at, watts]),
        ...(name !== undefined && { name }),
        ...(limit !== undefined && { limit_watts: limit }),
      };
    }),
  };
}

/**
 * The sum of the limits of a location's grid connections, in W; undefined when one has no limit, or when sites and location do not hold the same
 * EVSEs: then the load of the one says nothing about the limit of the other.
 */
function limitOf({ limits }: NonNullable<Roles['cpo']>, { charge_points }: Context['config'], location: string): number | undefined {
  const uids = new Set(charge_points.filter((it) => it.location_id === location).flatMap(({ evses }) => evses.map(({ uid }) => uid)));
  const here = limits.balances().filter(({ state }) => state.tree.evses.some(({ uid }) => uids.has(uid)));
  const supplied = here.flatMap(({ state }) => state.tree.evses);
  if (supplied.length !== uids.size || !supplied.every(({ uid }) => uids.has(uid))) return undefined;
  const watts = here.map(({ state: { tree, plan } }) => {
    const { a = Infinity, w = Infinity } = plan?.capacities[0] ?? {};
    return Math.min(w, a * 3 * (tree.evses[0]?.voltage ?? Infinity));
  });
  const sum = watts.reduce((all, it) => all + it, 0);
  return watts.length > 0 && Number.isFinite(sum) ? Math.round(sum) : undefined;
}
