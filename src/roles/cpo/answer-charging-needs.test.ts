import { describe, expect, test } from 'vitest';
import type { Evse } from '../../domain/evse.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { ChargingNeeds } from '../../domain/station.ts';
import { amperes, epochSeconds, seconds, watts } from '../../domain/units.ts';
import { profileForNeeds } from './answer-charging-needs.ts';
import { inAmperes, inWatts, socket } from './profile-request.fixture.ts';

const from = epochSeconds(1_800_000_000);
const dc: Evse = { ...socket, powerType: 'DC' };
interface Given {
  needs?: Omit<ChargingNeeds, 'evseId'>;
  evse?: Evse;
  profile?: ChargingProfile;
  site?: ChargingProfile;
}
const limits = ({ needs = {}, evse = socket, profile, site }: Given) => {
  const made = profileForNeeds({ evseId: 1, ...needs }, { evse, profile, site, from });
  return made && [made.unit, made.start, ...made.periods.map(({ limit }) => limit)];
};

describe('the profile for a car that sends its charging needs', () => {
  test('is the lowest of the car, the session, the site and the EVSE', () => {
    expect(limits({})).toEqual(['A', from, 32]);
    expect(limits({ needs: { maxCurrent: amperes(13) } })).toEqual(['A', from, 13]);
    expect(limits({ needs: { maxCurrent: amperes(63) } })).toEqual(['A', from, 32]);
    expect(limits({ needs: { maxCurrent: amperes(13) }, profile: inAmperes(10) })).toEqual(['A', from, 10]);
    expect(limits({ needs: { maxCurrent: amperes(13) }, profile: inAmperes(16), site: inAmperes(8) })).toEqual(['A', from, 8]);
  });

  test('is in the unit of the session’s profile', () =>
    expect([limits({ needs: { maxCurrent: amperes(10) }, profile: inWatts(11_000) }), limits({ profile: inWatts(11_000) })]).toEqual([
      ['W', from, 6_900],
      ['W', from, 11_000],
    ]));

  test('is at most the maximum of the EVSE in that unit, also for a car without a maximum', () => {
    expect(limits({ profile: inWatts(30_000) })).toEqual(['W', from, 22_080]);
    expect(limits({ profile: inAmperes(63) })).toEqual(['A', from, 32]);
  });

  test('has the current that the maximum power of the car allows', () =>
    expect(limits({ needs: { maxCurrent: amperes(16), maxPower: watts(6_900) } })).toEqual(['A', from, 10]));

  test('on DC uses the maximum power of the car and not its current', () => {
    expect(limits({ evse: dc, needs: { maxCurrent: amperes(1), maxPower: watts(5_000) } })).toEqual(['W', from, 5_000]);
    expect(limits({ evse: dc, needs: { maxCurrent: amperes(1) } })).toEqual(['W', from, 7_360]);
    expect(limits({ evse: dc, profile: inWatts(6_000), site: inAmperes(8) })).toBeUndefined();
  });

  test('has at most as many periods as the car accepts, and no higher limit', () => {
    const profile: ChargingProfile = { unit: 'A', periods: [10, 12, 6, 20].map((limit, n) => ({ start: seconds(n * 600), limit: amperes(limit) })) };
    expect(limits({ needs: { mostPeriods: 2 }, profile })).toEqual(['A', from, 6, 20]);
  });
});
