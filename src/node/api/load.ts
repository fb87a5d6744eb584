import { type EpochSeconds, epochMillis, epochSeconds, toSeconds } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { Roles } from '../compose/compose.ts';
import type { Context } from '../core/context.ts';
import type { LoadView } from './peers/schemas.ts';

/** What is drawn at our locations over the last minutes, and what the cables there carry. */
export function showLoad({ clock, config }: Context, { cpo }: Pick<Roles, 'cpo'>, minutes: number): LoadView {
  const now = clock.now();
  const from = epochSeconds(toSeconds(now) - minutes * 60);
  const names = new Map(config.locations.map(({ id, name }) => [id, name]));
  const loads = cpo?.load.since(from) ?? new Map();
  return {
    from: printDateTime(epochMillis(from * 1000)),
    to: printDateTime(now),
    sites: [...loads].map(([location_id, { sessions, points }]) => {
      const [name, limit] = [names.get(location_id), cpo && limitOf(cpo, location_id)];
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

/** The sum over the connections of a location; undefined where one of them has no limit, or there is none. */
function limitOf({ limits, evses }: NonNullable<Roles['cpo']>, location: string): number | undefined {
  const here = limits.balances().filter(({ state }) => state.tree.evses.some(({ uid }) => evses.byUid(uid)?.locationId === location));
  const watts = here.map(({ state: { tree, plan } }) => {
    const { a = Infinity, w = Infinity } = plan?.capacities[0] ?? {};
    return Math.min(w, a * 3 * (tree.evses[0]?.voltage ?? Infinity));
  });
  const sum = watts.reduce((all, it) => all + it, 0);
  return watts.length > 0 && Number.isFinite(sum) ? Math.round(sum) : undefined;
}
