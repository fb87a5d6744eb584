import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, constant, type Schedule, type Span, scheduleOf } from '../../domain/profile/schedule.ts';
import { loadPerUnit, wiresOf } from '../../planner/evse-limits.ts';
import type { PlannedEvse, SiteLimit } from '../../planner/problem.ts';
import type { Steered } from './steered-session.ts';

/** An EVSE at its site, over the time that is looked at. */
export interface Place {
  evse: PlannedEvse;
  limit: SiteLimit;
  span: Span;
}

/** The most that an EVSE can draw, in its own unit; no more than its site carries, since that alone is too much already. */
export const mostOf = ({ evse, limit }: Place): number => Math.min(wiresOf(evse).most, limit.value / loadPerUnit(evse, limit.unit));

/** What an EVSE draws at most under a profile, in its own unit: all that it can where the profile says nothing. */
export function drawnUnder(profile: ChargingProfile | 'maximum', place: Place): Schedule<number> {
  const most = constant(mostOf(place), place.span);
  if (profile === 'maximum' || profile.unit !== wiresOf(place.evse).unit) return most;
  return combine(scheduleOf<number>(profile, place.span.from, place.span), most, (x, y) => (x === undefined || y === undefined ? y : Math.min(x, y)));
}

/** What an EVSE may draw now: the most that any of the profiles allows of which one holds, the one on its way counted. */
export const ceilingOf = ({ holds, underway }: Steered, place: Place): Schedule<number> =>
  [...holds, ...(underway ? [underway.profile] : [])].map((profile) => drawnUnder(profile, place)).reduce(highest, []);

/** From the unit of an EVSE to that of its site. */
export const atSite = (drawn: Schedule<number>, { evse, limit }: Place): Schedule<number> =>
  drawn.map((step) => ({ ...step, limit: step.limit * loadPerUnit(evse, limit.unit) }));

export const highest = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => Math.max(x, y));
export const lowest = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => Math.min(x, y));
export const sum = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => x + y);
export const difference = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => x - y);
export const isAnywhereAbove = (a: Schedule<number>, b: Schedule<number>): boolean => difference(a, b).some(({ limit }) => limit > HAIR);

/** Doubles are this exact. */
export const HAIR = 1e-6;
