import type { ActiveChargingProfile, ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { combine, type Limit, scheduleOf } from '../../domain/profile/schedule.ts';
import { epochMillis, epochSeconds } from '../../domain/units.ts';
import { confirmed } from './apply-outcome.ts';
import type { SteeredSession } from './steered-session.ts';

/**
 * What an active profile tells of the profiles that may hold. In doubt, the one that it equals holds; if it equals none, a new
 * plan is sent. Without a doubt it may be lower than ours, since the CPO has limits of its own; where it is higher, ours is gone.
 */
export function applyActiveProfile(steered: SteeredSession, active: ActiveChargingProfile): SteeredSession {
  if (steered.underway) return steered;
  if (steered.uncertain) return settleDoubt(steered, steered.uncertain.profile, active);
  const gone = steered.mayHold.some((held) => held !== 'maximum' && exceeds(active, held, active));
  return gone ? { ...steered, mayHold: ['maximum'], intended: undefined } : steered;
}

function settleDoubt(steered: SteeredSession, doubted: ChargingProfile, active: ActiveChargingProfile): SteeredSession {
  if (same(doubted, active)) return confirmed({ ...steered, quietUntil: epochMillis(0) }, doubted);
  const held = steered.mayHold.find((it) => it !== 'maximum' && it !== doubted && same(it, active));
  return { ...steered, uncertain: undefined, intended: undefined, quietUntil: epochMillis(0), ...(held && { mayHold: [held] }) };
}

/** Stations round their limits, and their seconds. */
const LIMIT_TOLERANCE = 0.05;
const EDGE_TOLERANCE = 1;

const same = (ours: ChargingProfile, active: ActiveChargingProfile) =>
  ours.unit === active.unit && !exceeds(ours, active, active) && !exceeds(active, ours, active);

/** Whether one is above the other for longer than a second of what the active profile covers; never when their units differ, since then nobody knows. */
function exceeds(a: ChargingProfile, b: ChargingProfile, { start, duration }: ActiveChargingProfile): boolean {
  const within = { from: epochSeconds(Math.max(start, a.start ?? start, b.start ?? start)), to: epochSeconds(start + duration) };
  const [x, y] = [a, b].map((profile) => scheduleOf<Limit>(profile, within.from, within));
  if (a.unit !== b.unit || !x || !y) return false;
  const above = combine(x, y, (p, q) => (p !== undefined && q !== undefined && p - q > LIMIT_TOLERANCE ? true : undefined));
  return above.some(({ from, to }) => to - from > EDGE_TOLERANCE);
}
