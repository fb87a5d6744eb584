import type { ExchangeId, SessionKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis, type Seconds, seconds } from '../../domain/units.ts';

/** A profile that was sent, with its exchange once that is recorded. */
export interface SentProfile {
  profile: ChargingProfile;
  exchange: ExchangeId | undefined;
}

/**
 * Whether an SCSP steers a session. `uncontrollable`: the session accepts no profiles; `stopped`: the CPO refused twice for the same
 * reason; `dropped`: the CPO does not know the session.
 */
export type SteeringState = 'steered' | 'uncontrollable' | 'stopped' | 'dropped';

/** The state of one session at an SCSP (how-a-request-runs §9). */
export interface SteeredSession {
  key: SessionKey;
  state: SteeringState;
  /** The profiles of which one is in force. `maximum`: no profile of this SCSP, so the maximum of the EVSE. */
  mayHold: readonly (ChargingProfile | 'maximum')[];
  /** A sent profile without a result yet. */
  underway: SentProfile | undefined;
  /** A sent profile with an unknown result; the CPO is asked for the active profile. */
  uncertain: SentProfile | undefined;
  /** The profile that should be in force; undefined: none, so every plan is sent. */
  intended: ChargingProfile | undefined;
  /** The moments of the last messages, the latest last. */
  sentAt: readonly EpochMillis[];
  /** The minimum time between two messages. */
  gap: Seconds;
  /** No message is sent before this moment, while the CPO is asked for the active profile. */
  quietUntil: EpochMillis;
  /** The last reason of a refusal; undefined: not refused. */
  refusal: string | undefined;
  /** The operator was informed of that refusal. */
  refusalReported: boolean;
  /** The operator was informed that the session has too many messages. */
  overloadReported: boolean;
}

/** The minimum time between two messages about one session. */
export const MIN_GAP: Seconds = seconds(30);
/** The maximum of that time after repeated TOO_OFTEN. */
export const MAX_GAP: Seconds = seconds(900);
/** The maximum number of messages about one session in `WINDOW_MS`; more of them would not correct a fault. */
const MOST_MESSAGES = 3;
const WINDOW_MS = 600_000;

/** A session without any message yet. */
export const newSteeredSession = (key: SessionKey): SteeredSession => ({
  key,
  state: 'steered',
  mayHold: ['maximum'],
  underway: undefined,
  uncertain: undefined,
  intended: undefined,
  sentAt: [],
  gap: MIN_GAP,
  quietUntil: epochMillis(0),
  refusal: undefined,
  refusalReported: false,
  overloadReported: false,
});

/** The session after a profile was sent. */
export const withSent = (steered: SteeredSession, profile: ChargingProfile, at: EpochMillis): SteeredSession => ({
  ...steered,
  underway: { profile, exchange: undefined },
  intended: profile,
  sentAt: [...steered.sentAt, at].slice(-MOST_MESSAGES),
});

/** Whether one profile of this SCSP is in force, and it is the one that should be. */
export const isInstalled = ({ mayHold, underway, uncertain, intended }: SteeredSession): boolean =>
  intended !== undefined && underway === undefined && uncertain === undefined && mayHold.length === 1 && mayHold[0] === intended;

/** The moment from which the next message may be sent. `limitReached`: the number of messages delays it, not the gap (how-a-request-runs §9). */
export function nextMessage({ sentAt, gap, quietUntil }: Pick<SteeredSession, 'sentAt' | 'gap' | 'quietUntil'>): { at: EpochMillis; limitReached: boolean } {
  const last = sentAt.at(-1);
  const first = sentAt.at(-MOST_MESSAGES);
  const byGap = Math.max(quietUntil, last === undefined ? 0 : last + gap * 1000);
  const byNumber = first === undefined ? 0 : first + WINDOW_MS;
  return { at: epochMillis(Math.max(byGap, byNumber)), limitReached: byNumber > byGap };
}
