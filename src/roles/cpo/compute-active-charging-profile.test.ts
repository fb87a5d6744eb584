import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
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

describe('what a charge point ought to stay below', () => {
  test('CP-23: is all that the EVSE carries when nothing limits', () => {
    expect(periods({})).toEqual(['A', [0, 32]]);
    expect(periods({ evse: dc })).toEqual(['W', [0, 7_360]]);
  });

  test('CP-19: is the session’s profile, never above the EVSE', () => {
    expect(periods({ profile: inAmperes(10) })).toEqual(['A', [0, 10]]);
    expect(periods({ profile: inWatts(50_000) })).toEqual(['W', [0, 22_080]]);
  });

  test('CP-28: counts from the start of charging, where the profile names no start', () => {
    const profile: ChargingProfile = { unit: 'A', periods: [10, 8].map((limit, n) => ({ start: seconds(n * 600), limit: amperes(limit) })) };
    expect(periods({ profile, chargingStarted: epochSeconds(start - 60) })).toEqual(['A', [0, 10], [540, 8]]);
    expect(periods({ profile: { ...profile, start: epochSeconds(start - 300), duration: seconds(900) }, chargingStarted: start })).toEqual([
      'A',
      [0, 10],
      [300, 8],
      [600, 32],
    ]);
  });

  test('is what the site leaves, where that is lower, in the unit of the profile', () => {
    expect(periods({ profile: inWatts(11_000), site: inAmperes(10) })).toEqual(['W', [0, 6_900]]);
    expect(periods({ site: inAmperes(12) })).toEqual(['A', [0, 12]]);
  });

  test('CP-32: is not known on DC where watts and amperes meet', () =>
    expect(periods({ evse: dc, profile: inWatts(11_000), site: inAmperes(10) })).toBeUndefined());
});
