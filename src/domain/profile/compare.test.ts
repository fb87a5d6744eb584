import { describe, expect, test } from 'vitest';
import type { Evse } from '../evse.ts';
import { amperes, epochSeconds, seconds, volts, watts } from '../units.ts';
import type { ActiveChargingProfile } from './charging-profile.ts';
import { compareProfiles, difference, lastsLongerThan } from './compare.ts';

const evse: Evse = { uid: 'E1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
const inAmperes = (start: number, ...pairs: [start: number, limit: number][]): ActiveChargingProfile => ({
  unit: 'A',
  start: epochSeconds(start),
  duration: seconds(900),
  periods: pairs.map(([at, limit]) => ({ start: seconds(at), limit: amperes(limit) })),
});
const inWatts = (start: number, limit: number): ActiveChargingProfile => ({
  unit: 'W',
  start: epochSeconds(start),
  duration: seconds(900),
  periods: [{ start: seconds(0), limit: watts(limit) }],
});
const base = inAmperes(1000, [0, 16], [300, 8]);
const dc: Evse = { ...evse, powerType: 'DC' };

describe('CP-25: an unchanged active profile is not pushed again, so these are the same', () => {
  test.each([
    ['itself', base],
    ['one that starts a minute later and has the same limits at each moment', inAmperes(1060, [0, 16], [240, 8])],
    ['one that splits a period', inAmperes(1000, [0, 16], [100, 16], [300, 8])],
    ['a step that is one second late', inAmperes(1000, [0, 16], [301, 8])],
    ['limits that differ by 0.05', inAmperes(1000, [0, 16.04], [300, 7.95])],
  ])('%s', (_, other) => expect([compareProfiles(base, other, evse), compareProfiles(other, base, evse)]).toEqual(['same', 'same']));
  test('CP-32: watts and the equivalent amperes', () => expect(compareProfiles(inWatts(1000, 11_000), inAmperes(1000, [0, 15.9]), evse)).toBe('same'));
  test('CP-32: watts and watts on DC', () => expect(compareProfiles(inWatts(1000, 50_000), inWatts(1100, 50_000), dc)).toBe('same'));
});

describe('CP-25: these are different', () => {
  test.each([
    ['a limit that is 0.1 higher', inAmperes(1000, [0, 16.1], [300, 8])],
    ['a step that is two seconds late', inAmperes(1000, [0, 16], [302, 8])],
    ['the same periods from another start', inAmperes(1060, [0, 16], [300, 8])],
    ['no time in common', inAmperes(1900, [0, 8])],
    ['one second in common, which is too short to compare', inAmperes(1899, [0, 8])],
  ])('%s', (_, other) => expect([compareProfiles(base, other, evse), compareProfiles(other, base, evse)]).toEqual(['different', 'different']));
  test('CP-32: watts and other amperes', () => expect(compareProfiles(inWatts(1000, 11_000), inAmperes(1000, [0, 16]), evse)).toBe('different'));
  test('CP-32: two units on DC, because they do not convert', () =>
    expect(compareProfiles(inWatts(1000, 50_000), inAmperes(1000, [0, 100]), dc)).toBe('different'));
});

describe('the difference of two profiles', () => {
  const steps = (a: ActiveChargingProfile, b: ActiveChargingProfile) => difference(a, b, evse)?.map(({ from, to, limit }) => [from, to, limit]);

  test('is positive where the first one is higher, over the time that both cover', () => {
    expect(steps(inAmperes(1000, [0, 16], [300, 8]), inAmperes(1100, [0, 10]))).toEqual([
      [1100, 1300, 6],
      [1300, 1900, -2],
    ]);
  });

  test('is infinite where only one of them has a limit', () => {
    const late = inAmperes(1000, [300, 8]);
    expect(steps(late, base)).toEqual([
      [1000, 1300, Infinity],
      [1300, 1900, 0],
    ]);
    expect(steps(base, late)?.[0]).toEqual([1000, 1300, -Infinity]);
  });

  test('CP-32: is in amperes when the units differ, and none on DC', () => {
    expect(steps(inWatts(1000, 6_900), inAmperes(1000, [0, 8]))).toEqual([[1000, 1900, 2]]);
    expect(steps(inAmperes(1000, [0, 8]), inWatts(1000, 6_900))).toEqual([[1000, 1900, -2]]);
    expect(difference(inWatts(1000, 6_900), inAmperes(1000, [0, 8]), dc)).toBeUndefined();
    expect(difference(inAmperes(1000, [0, 8]), inWatts(1000, 6_900), dc)).toBeUndefined();
  });

  test('lasts as long as its steps without a break, whatever their size', () => {
    const found = [
      { from: epochSeconds(0), to: epochSeconds(2), limit: 1 },
      { from: epochSeconds(2), to: epochSeconds(4), limit: 2 },
      { from: epochSeconds(5), to: epochSeconds(7), limit: 1 },
    ];
    expect([3, 4].map((tolerance) => lastsLongerThan(found, (by) => by > 0, tolerance))).toEqual([true, false]);
    expect(lastsLongerThan(found, (by) => by > 1, 2)).toBe(false);
  });
});
