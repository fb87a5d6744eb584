import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evse, type PowerType, phasesOf } from '../evse.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { amperes, epochSeconds, seconds, volts, watts } from '../units.ts';
import { amperesToWatts, convertProfile, evseMaximum, floorTenth, wattsToAmperes } from './convert.ts';

const evse = (powerType: PowerType, more: Partial<Evse> = {}): Evse => ({
  uid: 'E1',
  evseId: 1,
  connectorId: 1,
  powerType,
  maxVoltage: volts(230),
  maxAmperage: amperes(32),
  ...more,
});
const threePhase = evse('AC_3_PHASE');
const acTypes: PowerType[] = ['AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE'];
const acEvses = fc
  .tuple(fc.constantFrom(...acTypes), fc.double({ min: 100, max: 480, noNaN: true }))
  .map(([powerType, voltage]) => evse(powerType, { maxVoltage: volts(voltage) }));
const tenths = fc.nat(5_000_000).map((n) => n / 10);

describe('rounding down to a tenth', () => {
  test.each([
    [8.1, 8.1],
    [8.15, 8.1],
    [0.7, 0.7],
    [1.1, 1.1],
    [2.3, 2.3],
    [0.30000000000000004, 0.3],
    [0.3 - 1e-12, 0.2],
    [1e-7, 0],
    [-1e-7, -0.1],
    [-0, 0],
    [1e300, 1e300],
    [Infinity, Infinity],
  ])('TYP-08: %d becomes %d', (n, expected) => expect(floorTenth(n)).toBe(expected));
  test('TYP-08: every number of one decimal stays what it is', () => fc.assert(fc.property(tenths, (n) => void expect(floorTenth(n)).toBe(n))));
  test('TYP-08: never exceeds what it was given, and is idempotent', () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (n) => {
        expect(floorTenth(n)).toBeLessThanOrEqual(n);
        expect(floorTenth(floorTenth(n))).toBe(floorTenth(n));
      }),
    ));
  test('TYP-08: loses less than a tenth', () =>
    fc.assert(fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (n) => void expect(n - floorTenth(n)).toBeLessThan(0.1 + 1e-9))));
});

describe('watts and amperes', () => {
  test.each([
    ['AC_1_PHASE', 11_040, 48],
    ['AC_2_PHASE', 11_040, 24],
    ['AC_3_PHASE', 11_040, 16],
    ['AC_3_PHASE', 11_000, 15.9],
    ['AC_3_PHASE', 11_109, 16.1],
  ] as const)('CP-32: on %s, %d W are %d A per phase', (powerType, power, current) => {
    expect(wattsToAmperes(watts(power), evse(powerType))).toEqual({ ok: true, value: current });
  });
  test('CP-32: 16.1 A on three phases of 230 V are 11109 W, not a tenth less', () => {
    expect(amperesToWatts(amperes(16.1), threePhase)).toEqual({ ok: true, value: 11_109 });
  });
  test('SEC-35: the current that comes out never makes more power than was asked for, and at most a step less', () =>
    fc.assert(
      fc.property(tenths, acEvses, (power, it) => {
        const current = wattsToAmperes(watts(power), it);
        const factor = it.maxVoltage * phasesOf(it.powerType);
        const made = current.ok ? current.value * factor : NaN;
        expect(made).toBeLessThanOrEqual(power + 1e-4);
        expect(made).toBeGreaterThan(power - 0.1 * factor - 1e-4);
      }),
    ));
  test('SEC-35: a limit that names its phases makes no more on these, and none on phases that are not wired', () =>
    fc.assert(
      fc.property(tenths, acEvses, fc.integer({ min: 1, max: 3 }), (power, it, numberPhases) => {
        const current = wattsToAmperes(watts(power), it, numberPhases);
        const made = current.ok ? current.value * it.maxVoltage * Math.min(numberPhases, phasesOf(it.powerType)) : NaN;
        expect(made).toBeLessThanOrEqual(power + 1e-4);
        expect(current).toEqual(wattsToAmperes(watts(power), it, Math.min(numberPhases, phasesOf(it.powerType))));
      }),
    ));
  test('SEC-35: there and back never rises', () =>
    fc.assert(
      fc.property(tenths, acEvses, (power, it) => {
        const current = wattsToAmperes(watts(power), it);
        const back = current.ok ? amperesToWatts(current.value, it) : current;
        expect(back.ok && back.value <= power).toBe(true);
      }),
    ));
  test('CP-32: amperes come back whole from watts at any voltage in whole volts', () =>
    fc.assert(
      fc.property(fc.nat(6400), fc.integer({ min: 100, max: 480 }), fc.constantFrom(...acTypes), (n, voltage, powerType) => {
        const it = evse(powerType, { maxVoltage: volts(voltage) });
        const power = amperesToWatts(amperes(n / 10), it);
        expect(power.ok && wattsToAmperes(power.value, it)).toEqual({ ok: true, value: n / 10 });
      }),
    ));
  test('CP-32: on DC nothing is converted, for the car sets the voltage', () => {
    const dc = evse('DC', { maxVoltage: volts(920) });
    expect([wattsToAmperes(watts(50_000), dc), amperesToWatts(amperes(100), dc)]).toEqual(Array(2).fill({ ok: false, problem: 'not convertible' }));
  });
  test('an EVSE of no voltage converts nothing', () => {
    expect(wattsToAmperes(watts(1), evse('AC_1_PHASE', { maxVoltage: volts(0) })).ok).toBe(false);
  });
});

describe('a profile in the other unit', () => {
  const profile = {
    unit: 'W',
    start: epochSeconds(7),
    duration: seconds(60),
    minChargingRate: watts(4140),
    periods: [{ start: seconds(0), limit: watts(11_000) }],
  } as const;
  test('CP-32: keeps its times, and rounds each limit and the least rate down', () => {
    expect(convertProfile(profile, 'A', threePhase)).toEqual({
      ok: true,
      value: { unit: 'A', start: 7, duration: 60, minChargingRate: 6, periods: [{ start: 0, limit: 15.9 }] },
    });
  });
  test('CP-32: from amperes too, without what it lacks', () => {
    expect(convertProfile({ unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] }, 'W', threePhase)).toEqual({
      ok: true,
      value: { unit: 'W', periods: [{ start: 0, limit: 6900 }] },
    });
  });
  test('CP-32: converts each limit by the phases that it names, and goes on naming them', () => {
    const mixed = {
      unit: 'A',
      periods: [1, 2, undefined].map((numberPhases, i) => ({ start: seconds(i), limit: amperes(10), ...omitUndefined({ numberPhases }) })),
    } as const;
    const converted = convertProfile(mixed, 'W', threePhase);
    expect(converted.ok && converted.value.periods.map(({ limit, numberPhases }) => [limit, numberPhases])).toEqual([
      [2300, 1],
      [4600, 2],
      [6900, undefined],
    ]);
  });
  test('is the very same value when nothing is to be converted, on DC too', () => {
    const same = convertProfile(profile, 'W', evse('DC'));
    expect(same.ok && same.value).toBe(profile);
  });
  test('CP-32: fails on DC', () => expect(convertProfile(profile, 'A', evse('DC'))).toEqual({ ok: false, problem: 'not convertible' }));
});

describe('what an EVSE carries', () => {
  test.each([
    ['its wires', threePhase, { W: 22_080, A: 32 }],
    ['one phase', evse('AC_1_PHASE'), { W: 7360, A: 32 }],
    ['its power where that is less', evse('AC_3_PHASE', { maxPower: watts(11_000) }), { W: 11_000, A: 15.9 }],
    ['its wires where its power is more', evse('AC_3_PHASE', { maxPower: watts(43_000) }), { W: 22_080, A: 32 }],
    [
      'DC, power and current each for itself',
      evse('DC', { maxVoltage: volts(920), maxAmperage: amperes(500), maxPower: watts(150_000) }),
      { W: 150_000, A: 500 },
    ],
  ] as const)('SEC-35: %s', (_, it, most) => expect({ W: evseMaximum(it, 'W'), A: evseMaximum(it, 'A') }).toEqual(most));
});
