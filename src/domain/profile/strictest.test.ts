import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, seconds, watts } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from './schedule.ts';
import { strictest } from './strictest.ts';

const from = epochSeconds(1_000_000);
const meeting = { from, unlimited: { W: watts(22_000), A: amperes(32) } };
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
  test('is the profile itself when there is one', () => {
    const only = inAmperes({ duration: seconds(60) });
    expect(strictest([only], meeting)).toBe(only);
  });

  test('is none when one speaks of watts and another of amperes', () => {
    expect(strictest([inAmperes({}), { unit: 'W', periods: [{ start: seconds(0), limit: watts(5_000) }] }], meeting)).toBeUndefined();
  });

  test('law: at every second it is the lowest of them, and the most that there is where none of them speaks', () => {
    fc.assert(
      fc.property(anyProfile, anyProfile, fc.integer({ min: 0, max: 1_300 }), (a, b, second) => {
        const met = strictest([a, b], meeting);
        const end = Math.max(...[a, b].map((it) => (it.start ?? from) + (it.duration ?? Infinity))) - from;
        if (!met || second >= end) return;
        const lowest = Math.min(at(a, second), at(b, second));
        expect(at(met, second)).toBe(lowest === Infinity ? 32 : lowest);
      }),
    );
  });

  test('law: the order of the profiles does not matter', () => {
    fc.assert(
      fc.property(anyProfile, anyProfile, (a, b) => {
        expect(strictest([a, b], meeting)).toEqual(strictest([b, a], meeting));
      }),
    );
  });
});
