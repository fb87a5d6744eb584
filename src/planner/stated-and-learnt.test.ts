import { describe, expect, test } from 'vitest';
import { wattHours } from '../domain/units.ts';
import { type Learnt, learnFrom, windowAndNeed } from './stated-and-learnt.ts';
import { at } from './synthetic-site.ts';

const HOUR = 3_600;
const stated = { profileType: 'CHEAP' as const, departure: at(8), energyNeed: wattHours(40_000), dischargeAllowed: true };
const usual: Learnt = { sessions: 20, shortStay: 3 * HOUR, usualStay: 6 * HOUR, usualEnergy: wattHours(9_000), highEnergy: wattHours(25_000) };
const none: Learnt = { sessions: 0 };
const fresh = { now: at(0), arrival: at(0), delivered: wattHours(0) };

describe('PLN-C08: what a driver states and what was learnt', () => {
  test.each([
    ['stated, nothing learnt', stated, none, fresh, { departure: at(8), need: 40_000 }],
    ['stated and learnt: two deadlines, and the need capped by history', stated, usual, fresh, { departure: at(8), likelyDeparture: at(3), need: 25_000 }],
    [
      'the cap is never below half of the stated need',
      stated,
      { ...usual, highEnergy: wattHours(5_000) },
      fresh,
      { departure: at(8), likelyDeparture: at(3), need: 20_000 },
    ],
    ['nothing stated', undefined, usual, fresh, { departure: at(6), likelyDeparture: at(3), need: 9_000 }],
    ['nothing known', undefined, none, fresh, { need: 30_000 }],
    ['past the usual departure', stated, usual, { ...fresh, now: at(4) }, { departure: at(8), need: 25_000 }],
    ['stated earlier than usual', { ...stated, departure: at(2) }, usual, fresh, { departure: at(2), need: 25_000 }],
    ['delivered counts', stated, none, { ...fresh, delivered: wattHours(15_000) }, { departure: at(8), need: 25_000 }],
    [
      'more than the usual need was delivered: a little more is planned',
      stated,
      usual,
      { ...fresh, delivered: wattHours(26_000) },
      { departure: at(8), likelyDeparture: at(3), need: 1_000 },
    ],
    ['all that was stated is delivered', stated, none, { ...fresh, delivered: wattHours(40_000) }, { departure: at(8), need: 0 }],
  ] as const)('%s', (...[, preferences, learnt, observed, expected]) => {
    const { profileType, dischargeAllowed, delivered, ...window } = windowAndNeed(preferences, learnt, observed);
    expect(window).toEqual(expected);
    expect(delivered).toBe(observed.delivered);
    expect([profileType, dischargeAllowed]).toEqual(preferences ? ['CHEAP', true] : ['REGULAR', false]);
  });
  test('the first group with five past sessions teaches; fewer say nothing', () => {
    const past = (...hours: number[]) => hours.map((stay) => ({ stay: stay * HOUR, energy: wattHours(stay * 1_000) }));
    expect(learnFrom([past(1, 2), past(5, 1, 4, 2, 3)])).toEqual({
      sessions: 5,
      shortStay: 2 * HOUR,
      usualStay: 3 * HOUR,
      usualEnergy: 3_000,
      highEnergy: 5_000,
    });
    expect(learnFrom([past(1, 2), past(3)])).toEqual({ sessions: 1 });
    expect(learnFrom([])).toEqual({ sessions: 0 });
  });
});
