import { fold } from '../../domain/ids.ts';
import type { Schedule } from '../../domain/profile/schedule.ts';
import { amperes, type EpochSeconds, epochSeconds, type Seconds, seconds, watts } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Problem, Site } from '../../planner/problem.ts';
import type { Config } from '../config/config.ts';

/** The planner's settings in the form that a plan needs. */
export interface PlannedSites {
  /** All sites, without their sessions. */
  all: readonly Site[];
  /** The site at a location, by the location id in the configuration. Undefined: sessions there are not planned. */
  at(location: string): string | undefined;
  prices: Schedule<number> | undefined;
  /** How often a plan is made. */
  every: Seconds;
  /** The input of the planner. */
  problem(now: EpochSeconds, sites: readonly Site[]): Problem;
}

const DAY_S = 86_400;
const HOUR_S = 3_600;
/** Longest duration of a profile (SEC-20). */
const WEEK_S = 7 * DAY_S;

/** Reads the planner's settings. */
export function createPlannedSites({ sites, prices, every }: NonNullable<Config['planner']>): PlannedSites {
  const all = sites.map(
    ({ location_id, limit, unit }): Site => ({
      location: location_id,
      limit: unit === 'A' ? { unit, value: amperes(limit) } : { unit, value: watts(limit) },
      sessions: [],
    }),
  );
  const byId = new Map(all.map(({ location }) => [fold(location), location]));
  const known = prices && scheduleOf(prices);
  return {
    all,
    at: (location) => byId.get(fold(location)),
    prices: known,
    every: seconds(every),
    problem: (now, filled) => ({ now, horizonEnd: horizonOf(now, filled), sites: filled, ...(known && { prices: known }) }),
  };
}

/** The end of a plan: one day from now, or one hour after the last departure if that is later; at most one week. */
function horizonOf(now: EpochSeconds, sites: readonly Site[]): EpochSeconds {
  const departures = sites.flatMap(({ sessions }) => sessions.flatMap(({ preferences }) => preferences?.departure ?? []));
  return epochSeconds(Math.min(now + WEEK_S, Math.max(now + DAY_S, ...departures.map((departure) => departure + HOUR_S))));
}

/** Each price holds until the next one begins; the last has no end. */
function scheduleOf(prices: readonly { from: string; price: number }[]): Schedule<number> {
  const steps = prices.flatMap(({ from, price }) => {
    const at = dateTimeSeconds(from);
    return at === undefined ? [] : [{ from: at, limit: price }];
  });
  return steps.map((step, n) => ({ ...step, to: steps[n + 1]?.from ?? epochSeconds(Infinity) }));
}
