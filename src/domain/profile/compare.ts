import type { Evse } from '../evse.ts';
import { epochSeconds } from '../units.ts';
import type { ActiveChargingProfile, ChargingProfile } from './charging-profile.ts';
import { convertProfile } from './convert.ts';
import { combine, type Limit, type Schedule, type Span, scheduleOf } from './schedule.ts';

/** In either unit. Limits have one decimal; less than half a step apart is one limit told twice. */
const LIMIT_TOLERANCE = 0.05;

/** Stations floor or round their seconds, so the same edge may come a second later. */
const EDGE_TOLERANCE = 1;

/**
 * Whether two profiles of one EVSE say the same of the time that both cover, wherever each of them starts: they do when they
 * never disagree for longer than a second. `different` too when they cover no such time in common, or their units do not convert (CP-25).
 */
export function compareProfiles(a: ActiveChargingProfile, b: ActiveChargingProfile, evse: Evse): 'same' | 'different' {
  const both: Span = { from: epochSeconds(Math.max(a.start, b.start)), to: epochSeconds(Math.min(a.start + a.duration, b.start + b.duration)) };
  if (both.to - both.from <= EDGE_TOLERANCE) return 'different';
  // Amperes are the coarser unit: what was rounded to watts comes back to the same tenth of an ampere.
  const [x, y] = a.unit === b.unit ? [a, b] : [inAmperes(a, evse), inAmperes(b, evse)];
  if (x === undefined || y === undefined) return 'different';
  const disputes = combine(scheduleWithin(x, both), scheduleWithin(y, both), dispute);
  return disputes.some(({ from, to }) => to - from > EDGE_TOLERANCE) ? 'different' : 'same';
}

const dispute = (x: Limit | undefined, y: Limit | undefined) =>
  x !== undefined && y !== undefined && Math.abs(x - y) <= LIMIT_TOLERANCE ? undefined : 'dispute';

const scheduleWithin = (profile: ChargingProfile, span: Span): Schedule<Limit> => scheduleOf<Limit>(profile, span.from, span);

function inAmperes(profile: ChargingProfile, evse: Evse): ChargingProfile | undefined {
  const converted = convertProfile(profile, 'A', evse);
  return converted.ok ? converted.value : undefined;
}
