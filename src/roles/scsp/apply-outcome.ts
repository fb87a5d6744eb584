import type { ExchangeId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, later, seconds } from '../../domain/units.ts';
import { MAX_GAP, MIN_GAP, type SteeredSession } from './steered-session.ts';

/** The end of a set that this SCSP sent. */
export interface EndedSet {
  exchange: ExchangeId | undefined;
  state: string;
  reason: string | undefined;
  result: string | undefined;
  at: EpochMillis;
}

/** The session after it, and the next action: `plan` again, `pull` the sessions of the CPO first, or `alert` the operator. */
export interface Consequence {
  steered: SteeredSession;
  next: 'plan' | 'pull' | 'alert';
}

/** The session after the end of a set (how-a-request-runs §9); undefined when the session does not wait for that set. */
export function applyOutcome(steered: SteeredSession, ended: EndedSet): Consequence | undefined {
  const { underway, uncertain } = steered;
  if (underway?.exchange === ended.exchange && underway) return afterSet({ ...steered, underway: undefined }, underway.profile, ended);
  const late = uncertain?.exchange === ended.exchange && uncertain && !underway && ended.state === 'CONFIRMED';
  return late ? { steered: confirmed(steered, uncertain.profile), next: 'plan' } : undefined;
}

function afterSet(steered: SteeredSession, profile: ChargingProfile, ended: EndedSet): Consequence {
  switch (ended.state) {
    case 'CONFIRMED':
      return { steered: confirmed(steered, profile), next: 'plan' };
    case 'UNCERTAIN':
      return { steered: withUncertain(steered, profile, ended), next: 'plan' };
    default:
      return refused({ ...steered, intended: undefined }, ended);
  }
}

/** The CPO is asked for the active profile; the next message waits for it for `MIN_GAP`. */
const withUncertain = (steered: SteeredSession, profile: ChargingProfile, { exchange, at }: EndedSet): SteeredSession => ({
  ...steered,
  mayHold: steered.mayHold.length < MOST_UNCERTAIN ? [...steered.mayHold, profile] : ['maximum'],
  uncertain: { profile, exchange },
  intended: undefined,
  quietUntil: later(at, MIN_GAP),
});

/** About an hour of sets without a result; with more, the maximum of the EVSE is assumed. */
const MOST_UNCERTAIN = 20;

/** The session after its profile was confirmed: only this profile is in force. */
export const confirmed = (steered: SteeredSession, profile: ChargingProfile): SteeredSession => ({
  ...steered,
  mayHold: [profile],
  uncertain: undefined,
  intended: profile,
  gap: MIN_GAP,
  refusal: undefined,
  refusalReported: false,
  overloadReported: false,
});

/** The profile before stays in force. The OCPI result decides; without one the message did not arrive, and the gap is doubled. */
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
      const cause = reason === undefined || reason === result ? result : `${result} (${reason})`;
      return steered.refusal !== undefined && withoutNumbers(cause) === withoutNumbers(steered.refusal)
        ? { steered: { ...steered, state: 'stopped', refusalReported: true }, next: steered.refusalReported ? 'plan' : 'alert' }
        : { steered: { ...steered, refusal: cause, refusalReported: false }, next: 'plan' };
    }
  }
}

/** A reason may hold a time or a limit, which differs in each refusal. */
const withoutNumbers = (text: string): string => text.replaceAll(/\d+/g, '#');
