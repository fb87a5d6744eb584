import type { ActiveChargingProfile, ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { EDGE_TOLERANCE, LIMIT_TOLERANCE, lastsLongerThan } from '../../domain/profile/compare.ts';
import { combine, type Limit, scheduleOf } from '../../domain/profile/schedule.ts';
import { type EpochSeconds, epochMillis, later, seconds } from '../../domain/units.ts';
import { confirmed } from './apply-outcome.ts';
import { MAX_GAP, type SteeredSession } from './steered-session.ts';

/**
 * The session after an active profile was received. With an uncertain profile: the profile that equals it is in force; if none does, a new
 * plan is sent. Otherwise a lower active profile changes nothing, because the CPO has limits of its own, and a higher one means that the
 * profile of this SCSP is no longer in force. Nothing changes while a profile is underway. A session that was left alone after refusals is
 * planned again: what the CPO refused, such as a party that it had halted, may be possible now.
 */
export function applyActiveProfile(received: SteeredSession, active: ActiveChargingProfile): SteeredSession {
  const steered = received.state === 'stopped' ? triedAgain(received) : received;
  if (steered.underway) return steered;
  if (steered.uncertain) return resolveUncertain(steered, steered.uncertain.profile, active);
  const removed = steered.mayHold.some((held) => held !== 'maximum' && exceeds(active, held, active.start));
  return removed ? { ...steered, mayHold: ['maximum'], intended: undefined } : steered;
}

/** The next message waits twice as long as the one before, so that a CPO that goes on refusing is not asked at each change of a limit. */
function triedAgain(stopped: SteeredSession): SteeredSession {
  const gap = seconds(Math.min(2 * stopped.gap, MAX_GAP));
  const last = stopped.sentAt.at(-1);
  return { ...stopped, state: 'steered', intended: undefined, gap, sentAt: [], quietUntil: last === undefined ? stopped.quietUntil : later(last, gap) };
}

function resolveUncertain(steered: SteeredSession, uncertain: ChargingProfile, active: ActiveChargingProfile): SteeredSession {
  if (same(uncertain, active)) return confirmed({ ...steered, quietUntil: epochMillis(0) }, uncertain);
  const held = steered.mayHold.find((it) => it !== 'maximum' && same(it, active));
  return { ...steered, uncertain: undefined, intended: undefined, quietUntil: epochMillis(0), ...(held && { mayHold: [held] }) };
}

const same = (ours: ChargingProfile, active: ActiveChargingProfile) =>
  ours.unit === active.unit && !exceeds(ours, active, active.start) && !exceeds(active, ours, active.start);

/** Whether `a` is above `b` for longer than the tolerance, where both have a limit; false when their units differ. A profile without a start begins at `start`. */
function exceeds(a: ChargingProfile, b: ChargingProfile, start: EpochSeconds): boolean {
  const [x, y] = [a, b].map((profile) => scheduleOf<Limit>(profile, start));
  if (a.unit !== b.unit || !x || !y) return false;
  const difference = combine(x, y, (p, q) => (p !== undefined && q !== undefined ? p - q : undefined));
  return lastsLongerThan(difference, (by) => by > LIMIT_TOLERANCE, EDGE_TOLERANCE);
}
