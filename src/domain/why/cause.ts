import type { EpochSeconds } from '../units.ts';

/** Causes of a charging power, by what holds the session back. */
export const CAUSES = [
  'not-started',
  'ended',
  'station-away',
  'messages-stale',
  'limit-unknown',
  'operator-limit',
  'party-profile',
  'price-plan',
  'site-share',
  'site-waits',
  'imposed-limit',
  'imposed-fallback',
  'building-load',
  'building-fallback',
  'evse-maximum',
  'station-limit',
  'cpo-limit',
  'csms-profile',
  'car-suspends',
  'car-full',
  'car-nearly-full',
  'car-fewer-phases',
  'car-takes-less',
  'car-does-not-charge',
  'station-suspends',
  'above-limit',
  'station-refuses',
  'takes-no-profiles',
  'station-silent',
  'profile-uncertain',
  'power-unknown',
  'nothing-known',
] as const;
/** One entry of `CAUSES`. */
export type CauseCode = (typeof CAUSES)[number];

/** What would change a cause. */
export const CHANGES = [
  'wait-until',
  'clear-operator-limit',
  'party-changes',
  'plan-changes',
  'driver-preferences',
  'others-leave',
  'raise-node',
  'lift-imposed',
  'renew-imposed',
  'building-takes-less',
  'building-meter-back',
  'another-evse',
  'check-station',
  'ask-cpo',
  'csms-changes',
  'car-decides',
  'station-back',
  'read-again',
  'meter-values',
  'nothing',
] as const;
/** One entry of `CHANGES`. */
export type ChangeCode = (typeof CHANGES)[number];

/** What a value is about. */
export const EVIDENCE = [
  'limit',
  'power',
  'allowed',
  'maximum',
  'charge',
  'node-limit',
  'imposed',
  'building',
  'other-evse',
  'minimum',
  'last-message',
  'phases',
  'unknown-since',
  'next-try',
] as const;

/** One fact that supports a cause. */
export interface Evidence {
  readonly what: (typeof EVIDENCE)[number];
  /** Absent: only a moment is known. */
  readonly value?: number;
  readonly unit?: 'A' | 'W' | '%' | 'phases';
  /** Whose value it is, such as the uid of another EVSE. */
  readonly name?: string;
  readonly since?: EpochSeconds;
  readonly until?: EpochSeconds;
}

/** One cause with the facts that support it, and what would change it. */
export interface Cause {
  readonly code: CauseCode;
  /** Who or what: a party, a user, a node of a site, an EVSE, a station. */
  readonly name?: string;
  /** The limit is below the minimum of the car, so it charges nothing. */
  readonly pauses?: true;
  readonly evidence: readonly Evidence[];
  readonly change: ChangeCode;
}

/**
 * The state of the charging. `full-speed`: as fast as the EVSE can; `limited`: slower; `paused`: the limit is too low to charge; `not-charging`: the
 * car or the station has stopped; `unknown`: too little is known; `over`: the session does not run.
 */
export const VERDICTS = ['full-speed', 'limited', 'paused', 'not-charging', 'unknown', 'over'] as const;

/** Why a session charges as fast as it does: the causes, the one that binds now first. */
export interface Why {
  readonly verdict: (typeof VERDICTS)[number];
  readonly causes: readonly [Cause, ...Cause[]];
}
