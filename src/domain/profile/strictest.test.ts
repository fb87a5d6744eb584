import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from './schedule.ts';
import { strictest } from './strictest.ts';

const from = epochSeconds(1_000_000);
const basis = { from, unlimited: { W: watts(22_000), A: amperes(32) } };
const inAmperes = (more: Partial<Extract<ChargingProfile, { unit: 'A' }>>): ChargingProfile => ({
  unit: 'A',
  periods: [{ start: seconds(0), limit: amperes(10) }],
  ...more,
});

const anyProfile: fc.Arbitrary<ChargingProfile> = fc
  .record({
    starts: fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 4 }),
    limits: fc.array(fc.integer({ min: 0, max: 320 }), { minLength: 5, maxLength: 5 }),
    start: fc.option(fc.integer({ min: -300, max: 300 }), { nil: undefined }),
    duration: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
  })
  .map(({ starts, limits, start, duration }) =>
    inAmperes({
      ...(start !== undefined && { start: epochSeconds(from + start) }),
      ...(duration !== undefined && { duration: seconds(duration) }),
      periods: [0, ...starts.sort((a, b) => a - b)].map((at, n) => ({ start: seconds(at), limit: amperes((limits[n] ?? 0) / 10) })),
    }),
  );
const at = (profile: ChargingProfile, second: number) => limitAt(scheduleOf<Limit>(profile, from), epochSeconds(from + second)) ?? Infinity;

describe('the strictest of several profiles', () => {
  test('is the same object for a single profile', () => {
    const only = inAmperes({ duration: seconds(60) });
    expect(strictest([only], basis)).toBe(only);
  });

  test('is undefined for profiles in watts and in amperes', () => {
    expect(strictest([inAmperes({}), { unit: 'W', periods: [{ start: seconds(0), limit: watts(5_000) }] }], basis)).toBeUndefined();
  });

  test('is in watts for profiles in watts, and ends with the last of them', () => {
    const inWatts = (limit: number, duration: number): ChargingProfile => ({
      unit: 'W',
      duration: seconds(duration),
      periods: [{ start: seconds(0), limit: watts(limit) }],
    });
    expect(strictest([inWatts(5_000, 60), inWatts(8_000, 90)], basis)).toEqual({
      unit: 'W',
      start: from,
      duration: 90,
      periods: [
        { start: 0, limit: 5_000 },
        { start: 60, limit: 8_000 },
      ],
    });
  });

  test('has the default limit of its unit where no profile has a limit, and no end when one of them has none', () => {
    const later: ChargingProfile = { unit: 'W', start: epochSeconds(from + 60), periods: [{ start: seconds(0), limit: watts(5_000) }] };
    expect(strictest([later, { ...later, start: epochSeconds(from + 90) }], basis)).toEqual({
      unit: 'W',
      start: from,
      periods: [
        { start: 0, limit: 22_000 },
        { start: 60, limit: 5_000 },
      ],
    });
  });

  test('law: at every second it has the lowest limit, and the default limit where no profile has one', () => {
    fc.assert(
      fc.property(anyProfile, anyProfile, fc.integer({ min: 0, max: 1_300 }), (a, b, second) => {
        const merged = strictest([a, b], basis);
        const end = Math.max(...[a, b].map((it) => (it.start ?? from) + (it.duration ?? Infinity))) - from;
        if (!merged || second >= end) return;
        const lowest = Math.min(at(a, second), at(b, second));
        expect(at(merged, second)).toBe(lowest === Infinity ? 32 : lowest);
      }),
    );
  });

  test('law: the order of the profiles does not matter', () => {
    fc.assert(
      fc.property(anyProfile, anyProfile, (a, b) => {
        expect(strictest([a, b], basis)).toEqual(strictest([b, a], basis));
      }),
    );
  });
});
