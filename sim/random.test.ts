import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from './random.ts';

const draws = (seed: string | number, count = 20) => {
  const random = seeded(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('chance from a seed', () => {
  test('is the same for the same seed', () => {
    expect(draws('today')).toEqual(draws('today'));
    expect(draws('today')).not.toEqual(draws('tomorrow'));
  });

  test('branches do not disturb one another', () => {
    const [one, other] = [seeded(7), seeded(7)];
    const early = one.branch('a').text(8);
    one.next();
    expect([one.branch('a').text(8), other.branch('a').text(8)]).toEqual([early, early]);
    expect(other.branch('b').text(8)).not.toBe(early);
  });

  test('stays within the bounds asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, low, width) => {
        const random = seeded(seed);
        const [whole, broken] = [random.integer(low, low + width), random.between(low, low + width)];
        return whole >= low && whole <= low + width && broken >= low && broken <= low + width;
      }),
    );
  });

  test('spreads evenly', () => {
    const mean = draws('even', 20_000).reduce((sum, x) => sum + x, 0) / 20_000;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(new Set(draws('even', 20_000).map((x) => Math.floor(x * 16))).size).toBe(16);
  });
});
