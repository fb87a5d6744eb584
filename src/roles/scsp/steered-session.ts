import type { ExchangeId, SessionKey } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type EpochMillis, epochMillis, type Seconds, seconds } from '../../domain/units.ts';

/** A profile that was sent; the exchange is known once it is recorded. */
export interface SentProfile {
  profile: ChargingProfile;
  exchange: ExchangeId | undefined;
}

/**
 * How an SCSP stands with one session: `uncontrollable` takes no profiles, `stopped` refused twice for one cause, `dropped` is
 * one that its CPO does not know.
 */
export type SteeringState = 'steered' | 'uncontrollable' | 'stopped' | 'dropped';

/** What an SCSP knows of one session that it steers (how-a-request-runs §9). */
export interface SteeredSession {
  key: SessionKey;
  state: SteeringState;
  /** One of these holds; `maximum`: no profile of ours, so the EVSE gives all that it has. */
  mayHold: readonly (ChargingProfile | 'maximum')[];
  /** Awaits its result. */
  underway: SentProfile | undefined;
  /** Nobody told what became of it; what holds is being asked. */
  uncertain: SentProfile | undefined;
  /** What should hold by now; absent: nothing, so any plan is news. */
  intended: ChargingProfile | undefined;
  /** The latest last. */
  sentAt: readonly EpochMillis[];
  /** From one message to the next. */
  gap: Seconds;
  /** What holds is being asked until then: no message goes before the answer. */
  quietUntil: EpochMillis;
  /** Why it was refused last, if it was. */
  refusal: string | undefined;
  /** That it takes too many messages was told already. */
  overloadReported: boolean;
}

/** The least time between two messages about one session. */
export const MIN_GAP: Seconds = seconds(30);
/** However often a CPO says TOO_OFTEN. */
export const MAX_GAP: Seconds = seconds(900);

/** A session that nothing was sent to yet. */
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
  overloadReported: false,
});

/** A profile leaves now. */
export const withSent = (steered: SteeredSession, profile: ChargingProfile, at: EpochMillis): SteeredSession => ({
  ...steered,
  underway: { profile, exchange: undefined },
  intended: profile,
  sentAt: [...steered.sentAt, at].slice(-MOST_MESSAGES),
});

/** Messages about one session within ten minutes; who needs more has a fault that more of them do not mend. */
export const MOST_MESSAGES = 3;
