import { describe, expect, test } from 'vitest';
import type { Evse } from '../evse.ts';
import { amperes, epochSeconds, seconds, volts, watts } from '../units.ts';
import type { ActiveChargingProfile } from './charging-profile.ts';
import { compareProfiles } from './compare.ts';

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
