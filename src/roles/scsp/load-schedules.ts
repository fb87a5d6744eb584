import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, constant, type Schedule, type Span, scheduleOf } from '../../domain/profile/schedule.ts';
import { evseLimits, loadPerUnit } from '../../planner/evse-limits.ts';
import type { PlannedEvse, SiteLimit } from '../../planner/problem.ts';
import type { SteeredSession } from './steered-session.ts';

/** An EVSE at its site, over the time that is looked at. */
export interface EvseAtSite {
  evse: PlannedEvse;
  limit: SiteLimit;
  span: Span;
}

/** The most that an EVSE can draw, in its own unit; no more than its site carries, since that alone is too much already. */
export const maximumDraw = ({ evse, limit }: EvseAtSite): number => Math.min(evseLimits(evse).most, limit.value / loadPerUnit(evse, limit.unit));

/** What an EVSE draws at most under a profile, in its own unit: all that it can where the profile says nothing. */
export function drawUnder(profile: ChargingProfile | 'maximum', place: EvseAtSite): Schedule<number> {
  const most = constant(maximumDraw(place), place.span);
  if (profile === 'maximum' || profile.unit !== evseLimits(place.evse).unit) return most;
  return combine(scheduleOf<number>(profile, place.span.from, place.span), most, (x, y) => (x === undefined || y === undefined ? y : Math.min(x, y)));
}

/** What an EVSE may draw now: the most that any of the profiles allows of which one holds, the one on its way counted. */
export const highestDraw = ({ mayHold, underway }: SteeredSession, place: EvseAtSite): Schedule<number> =>
  [...mayHold, ...(underway ? [underway.profile] : [])].map((profile) => drawUnder(profile, place)).reduce(highest, []);

/** From the unit of an EVSE to that of its site. */
export const inSiteUnit = (drawn: Schedule<number>, { evse, limit }: EvseAtSite): Schedule<number> =>
  drawn.map((step) => ({ ...step, limit: step.limit * loadPerUnit(evse, limit.unit) }));

export const highest = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => Math.max(x, y));
export const lowest = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => Math.min(x, y));
export const sum = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => x + y);
export const difference = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => x - y);
export const isAnywhereAbove = (a: Schedule<number>, b: Schedule<number>): boolean => difference(a, b).some(({ limit }) => limit > TOLERANCE);

/** Doubles are this exact. */
export const TOLERANCE = 1e-6;
