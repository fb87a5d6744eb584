import type { ExchangeId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, later, seconds } from '../../domain/units.ts';
import { MAX_GAP, MIN_GAP, type SteeredSession } from './steered-session.ts';

/** How a set of ours ended. */
export interface EndedSet {
  exchange: ExchangeId | undefined;
  state: string;
  reason: string | undefined;
  result: string | undefined;
  at: EpochMillis;
}

/** What follows: plan again; ask the CPO for its sessions first; or tell people, since no message mends it. */
export interface Consequence {
  steered: SteeredSession;
  next: 'plan' | 'pull' | 'raise';
}

/** What an SCSP makes of the end of a set (how-a-request-runs §9); undefined when it was none of those that are waited for. */
export function applyOutcome(steered: SteeredSession, ended: EndedSet): Consequence | undefined {
  const { underway, uncertain } = steered;
  if (underway?.exchange === ended.exchange && underway) return settle({ ...steered, underway: undefined }, underway.profile, ended);
  const late = uncertain?.exchange === ended.exchange && uncertain && !underway && ended.state === 'CONFIRMED';
  return late ? { steered: confirmed(steered, uncertain.profile), next: 'plan' } : undefined;
}

function settle(steered: SteeredSession, profile: ChargingProfile, ended: EndedSet): Consequence {
  switch (ended.state) {
    case 'CONFIRMED':
      return { steered: confirmed(steered, profile), next: 'plan' };
    case 'UNCERTAIN':
      return { steered: doubting(steered, profile, ended), next: 'plan' };
    default:
      return refused({ ...steered, intended: undefined }, ended);
  }
}

/** What the CPO is asked meanwhile is waited for as long as one message waits for another. */
const doubting = (steered: SteeredSession, profile: ChargingProfile, { exchange, at }: EndedSet): SteeredSession => ({
  ...steered,
  mayHold: steered.mayHold.length < MOST_DOUBTS ? [...steered.mayHold, profile] : ['maximum'],
  uncertain: { profile, exchange },
  intended: undefined,
  quietUntil: later(at, MIN_GAP),
});

/** After an hour without any answer nothing is known any more. */
const MOST_DOUBTS = 20;

/** It holds, and nothing else does. */
export const confirmed = (steered: SteeredSession, profile: ChargingProfile): SteeredSession => ({
  ...steered,
  mayHold: [profile],
  uncertain: undefined,
  intended: profile,
  gap: MIN_GAP,
  refusal: undefined,
  overloadReported: false,
});

/** What held before goes on. A word of OCPI decides; without one the message did not arrive, and the CPO is given time. */
function refused(steered: SteeredSession, { result, reason }: EndedSet): Consequence {
  switch (result) {
    case 'TOO_OFTEN':
    case undefined:
      return { steered: { ...steered, gap: seconds(Math.min(2 * steered.gap, MAX_GAP)) }, next: 'plan' };
    case 'NOT_SUPPORTED':
      return { steered: { ...steered, state: 'uncontrollable' }, next: 'plan' };
    case 'UNKNOWN_SESSION':
      return { steered: { ...steered, state: 'dropped' }, next: 'pull' };
    default: {
      const cause = `${result} (${reason ?? 'no reason given'})`;
      return cause === steered.refusal
        ? { steered: { ...steered, state: 'stopped' }, next: 'raise' }
        : { steered: { ...steered, refusal: cause }, next: 'plan' };
    }
  }
}
