import { describe, expect, test } from 'vitest';
import { amperes, volts, watts } from '../domain/units.ts';
import { evseLimits, loadPerUnit } from './evse-limits.ts';

const ac = { current: 'AC' } as const;
const dc = { current: 'DC' } as const;
const most = (evse: Parameters<typeof evseLimits>[0]) => evseLimits(evse).most;

describe('the limits of an AC EVSE', () => {
  test('are in A: 6 A to 32 A at 230 V and one phase when nothing is known', () => {
    expect(evseLimits(ac)).toEqual({ unit: 'A', most: 32, least: 6, wattsPerUnit: 230 });
  });

  test('have the power of its voltage and phases for each ampere', () => {
    expect(evseLimits({ ...ac, voltage: volts(240), phases: 3 }).wattsPerUnit).toBe(720);
  });

  test('are at most its current and its power, rounded down to 0.1 A', () => {
    expect(most({ ...ac, amperage: amperes(16) })).toBe(16);
    expect(most({ ...ac, phases: 1, power: watts(3_680) })).toBe(16);
    expect(most({ ...ac, phases: 3, voltage: volts(230), amperage: amperes(16), power: watts(5_000) })).toBe(7.2);
  });

  test('count three phases for its power when their number is unknown, so that no phase is overloaded', () => {
    expect(most({ ...ac, power: watts(11_040) })).toBe(16);
  });
});

describe('the limits of a DC EVSE', () => {
  test('are in W, from 0, without a maximum when nothing is known', () => {
    expect(evseLimits(dc)).toEqual({ unit: 'W', most: Infinity, least: 0, wattsPerUnit: 1 });
  });

  test('are at most its power and the product of its voltage and current, rounded down to 0.1 W', () => {
    expect(most({ ...dc, power: watts(50_000.06) })).toBe(50_000);
    expect(most({ ...dc, voltage: volts(500), amperage: amperes(100) })).toBe(50_000);
    expect(most({ ...dc, voltage: volts(500), amperage: amperes(100), power: watts(40_000) })).toBe(40_000);
    expect(most({ ...dc, voltage: volts(500), amperage: amperes(100), power: watts(60_000) })).toBe(50_000);
  });

  test('are not guessed from its voltage or its current alone', () => {
    expect([most({ ...dc, voltage: volts(500) }), most({ ...dc, amperage: amperes(100) })]).toEqual([Infinity, Infinity]);
  });
});

describe('the load on the site', () => {
  test('of an AC session is its current at a site in A, and its power at a site in W', () => {
    expect(loadPerUnit({ ...ac, voltage: volts(240), phases: 2 }, 'A')).toBe(1);
    expect(loadPerUnit({ ...ac, voltage: volts(240), phases: 2 }, 'W')).toBe(480);
  });

  test('of an AC session counts 230 V and three phases when they are unknown', () => {
    expect(loadPerUnit(ac, 'W')).toBe(690);
  });

  test('of a DC session is its power at a site in W, and a third of its current at 230 V on each phase at a site in A', () => {
    expect(loadPerUnit(dc, 'W')).toBe(1);
    expect(loadPerUnit(dc, 'A') * 6_900).toBeCloseTo(10);
  });
});
