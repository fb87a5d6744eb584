import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, constant, type Schedule, type Span, scheduleOf } from '../../domain/profile/schedule.ts';
import { evseLimits, loadPerUnit } from '../../planner/evse-limits.ts';
import type { PlannedEvse, SiteLimit } from '../../planner/problem.ts';
import type { SteeredSession } from './steered-session.ts';

/** An EVSE, the limit of its site and the time span to look at. */
export interface EvseAtSite {
  evse: PlannedEvse;
  limit: SiteLimit;
  span: Span;
}

/** The maximum draw of an EVSE in its own unit, at most the limit of its site. */
export const maximumDraw = ({ evse, limit }: EvseAtSite): number => Math.min(evseLimits(evse).most, limit.value / loadPerUnit(evse, limit.unit));

/** The highest draw of an EVSE under a profile, in its own unit; its maximum where the profile has no limit or another unit. */
export function drawUnder(profile: ChargingProfile | 'maximum', at: EvseAtSite): Schedule<number> {
  const most = constant(maximumDraw(at), at.span);
  if (profile === 'maximum' || profile.unit !== evseLimits(at.evse).unit) return most;
  return combine(scheduleOf<number>(profile, at.span.from, at.span), most, (x = Infinity, y = Infinity) => Math.min(x, y));
}

/** The highest draw that any profile allows that may be in force, the one underway included; in the unit of the EVSE. */
export const highestDraw = ({ mayHold, underway }: SteeredSession, at: EvseAtSite): Schedule<number> =>
  [...mayHold, ...(underway ? [underway.profile] : [])].map((profile) => drawUnder(profile, at)).reduce(highest, []);

/** A draw in the unit of the EVSE, converted to the unit of its site. */
export const inSiteUnit = (drawn: Schedule<number>, { evse, limit }: EvseAtSite): Schedule<number> =>
  drawn.map((step) => ({ ...step, limit: step.limit * loadPerUnit(evse, limit.unit) }));

/** The higher of two schedules at every moment; no limit counts as 0. */
export const highest = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => Math.max(x, y));
/** The lower of two schedules at every moment; no limit counts as 0. */
export const lowest = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => Math.min(x, y));
/** The sum of two schedules; no limit counts as 0. */
export const sum = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => x + y);
/** The first schedule minus the second; no limit counts as 0. */
export const difference = (a: Schedule<number>, b: Schedule<number>): Schedule<number> => combine(a, b, (x = 0, y = 0) => x - y);
/** Whether the first schedule is above the second at any moment. */
export const isAnywhereAbove = (a: Schedule<number>, b: Schedule<number>): boolean => difference(a, b).some(({ limit }) => limit > TOLERANCE);

/** Smaller differences are floating-point errors. */
export const TOLERANCE = 1e-6;
