import { exchangeId, type SessionKey, sessionKey } from '../../domain/ids.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, type EpochMillis, epochMillis, epochSeconds, seconds, toSeconds, volts, wattHours } from '../../domain/units.ts';
import type { PlannedSession } from '../../planner/problem.ts';
import { newSteeredSession, type SteeredSession } from './steered-session.ts';

export const now = epochMillis(Date.UTC(2026, 10, 24, 18));
export const inSeconds = (s: number): EpochMillis => epochMillis(now + s * 1000);
export const keyOf = (n: number): SessionKey => sessionKey('NL', 'CPO', `S${n}`);
/** Limits in A with their starts in seconds from now, or one that holds all the time. */
export const limits = (...periods: readonly (readonly [number, number])[]): ChargingProfile => ({
  unit: 'A',
  start: toSeconds(now),
  periods: periods.map(([start, limit]) => ({ start: seconds(start), limit: amperes(limit) })),
});
export const upTo = (limit: number): ChargingProfile => limits([0, limit]);
export const active = (...periods: readonly (readonly [number, number])[]): ActiveChargingProfile => ({
  ...limits(...periods),
  start: toSeconds(now),
  duration: seconds(900),
});
export const exchange = exchangeId('x1');
export const underway = (profile: ChargingProfile, more: Partial<SteeredSession> = {}): SteeredSession => ({
  ...newSteeredSession(keyOf(1)),
  underway: { profile, exchange },
  intended: profile,
  sentAt: [now],
  ...more,
});
/** A session that is known to hold a profile. */
export const holding = (n: number, profile: ChargingProfile, more: Partial<SteeredSession> = {}): SteeredSession => ({
  ...newSteeredSession(keyOf(n)),
  mayHold: [profile],
  intended: profile,
  sentAt: [inSeconds(-900)],
  ...more,
});
export const session = (n: number, more: Partial<PlannedSession> = {}): PlannedSession => ({
  key: keyOf(n),
  evse: { current: 'AC', phases: 3, voltage: volts(230), amperage: amperes(32) },
  given: wattHours(0),
  state: 'steered',
  ...more,
});
export const inHours = (n: number) => epochSeconds(toSeconds(now) + n * 3_600);
