import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
import type { ReportedSchedule } from '../../domain/profile/active-profile.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, watts } from '../../domain/units.ts';
import { computeActive, type KnownLimits } from './compute-active-charging-profile.ts';
import { inAmperes, inWatts, socket } from './profile-request.fixture.ts';

const start = epochSeconds(1_800_000_000);
const periods = (inputs: Partial<KnownLimits>) => {
  const active = computeActive({ evse: socket, profile: undefined, site: undefined, chargingStarted: start, ...inputs }, { start, duration: seconds(1_800) });
  return active && [active.unit, ...active.periods.map((it) => [it.start, it.limit])];
};
const dc: Evse = { ...socket, powerType: 'DC', maxPower: watts(50_000) };

describe('the computed active profile', () => {
  test('CP-23: is the maximum of the EVSE when nothing limits it', () => {
    expect(periods({})).toEqual(['A', [0, 32]]);
    expect(periods({ evse: dc })).toEqual(['W', [0, 7_360]]);
  });

  test('CP-19: is the session’s profile, at most the maximum of the EVSE', () => {
    expect(periods({ profile: inAmperes(10) })).toEqual(['A', [0, 10]]);
    expect(periods({ profile: inWatts(50_000) })).toEqual(['W', [0, 22_080]]);
  });

  test('CP-28: begins at the start of charging when the profile has no start', () => {
    const profile: ChargingProfile = { unit: 'A', periods: [10, 8].map((limit, n) => ({ start: seconds(n * 600), limit: amperes(limit) })) };
    expect(periods({ profile, chargingStarted: epochSeconds(start - 60) })).toEqual(['A', [0, 10], [540, 8]]);
    expect(periods({ profile: { ...profile, start: epochSeconds(start - 300), duration: seconds(900) }, chargingStarted: start })).toEqual([
      'A',
      [0, 10],
      [300, 8],
      [600, 32],
    ]);
  });

  test('F-62: is the lowest of all limits that the charge point announced, in the unit of the profile', () => {
    const announced = (limit: number, more: Partial<ReportedSchedule> = {}): ReportedSchedule => ({
      start,
      unit: 'A',
      periods: [{ start: seconds(0), limit }],
      ...more,
    });
    expect(periods({ profile: inAmperes(16), announced: [announced(8)] })).toEqual(['A', [0, 8]]);
    expect(periods({ profile: inAmperes(6), announced: [announced(8)] })).toEqual(['A', [0, 6]]);
    expect(periods({ profile: inWatts(11_000), announced: [announced(12), announced(10)] })).toEqual(['W', [0, 6_900]]);
    expect(periods({ announced: [announced(8, { start: epochSeconds(start + 60), duration: seconds(300) })] })).toEqual(['A', [0, 32], [60, 8], [360, 32]]);
    expect(periods({ announced: [{ start, unit: 'A', periods: [{ start: seconds(0) }] }] })).toEqual(['A', [0, 32]]);
    expect(periods({ evse: dc, profile: inWatts(11_000), announced: [announced(8)] })).toBeUndefined();
  });

  test('is the limit of the site where that is lower, in the unit of the profile', () => {
    expect(periods({ profile: inWatts(11_000), site: inAmperes(10) })).toEqual(['W', [0, 6_900]]);
    expect(periods({ site: inAmperes(12) })).toEqual(['A', [0, 12]]);
  });

  test('CP-32: is undefined on DC with profiles in watts and in amperes', () =>
    expect(periods({ evse: dc, profile: inWatts(11_000), site: inAmperes(10) })).toBeUndefined());
});
