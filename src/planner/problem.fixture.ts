import { sessionKey } from '../domain/ids.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from '../domain/profile/schedule.ts';
import { amperes, epochSeconds, volts, wattHours } from '../domain/units.ts';
import type { PlannedEvse, PlannedSession, Problem, Site, SiteLimit } from './problem.ts';

export const now = epochSeconds(Date.UTC(2026, 10, 24, 18) / 1000);
export const hours = (n: number) => epochSeconds(now + Math.round(n * 3_600));
export const ac32: PlannedEvse = { current: 'AC', phases: 3, voltage: volts(230), amperage: amperes(32) };
export const keyOf = (n: number) => sessionKey('NL', 'CPO', `S${n}`);
export const session = (n: number, more: Partial<PlannedSession> = {}): PlannedSession => ({
  key: keyOf(n),
  evse: ac32,
  given: wattHours(0),
  state: 'steered',
  ...more,
});
export const cheap = (departure: number, kWh: number) => ({
  preferences: { profileType: 'CHEAP' as const, departure: hours(departure), energyNeed: wattHours(kWh * 1000), dischargeAllowed: false },
});
export const oneSite = (limit: SiteLimit, sessions: readonly PlannedSession[]): Site => ({ location: 'LOC1', limit, sessions });
export const A = (n: number): SiteLimit => ({ unit: 'A', value: amperes(n) });
export const problem = (site: Site, prices?: readonly number[], horizon = 24): Problem => ({
  now,
  horizonEnd: hours(horizon),
  sites: [site],
  ...(prices && {
    prices: prices.map((price, n) => ({ from: hours(n), to: n === prices.length - 1 ? epochSeconds(Infinity) : hours(n + 1), limit: price })),
  }),
});
export const limitIn = (profile: ChargingProfile | undefined, at: number) => (profile ? (limitAt(scheduleOf<Limit>(profile, now), epochSeconds(at)) ?? 0) : 0);
