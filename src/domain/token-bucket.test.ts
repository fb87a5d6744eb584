import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FullAt, millisUntilToken, takeToken } from './token-bucket.ts';
import { epochMillis, seconds } from './units.ts';

const rate = { burst: 20, every: seconds(10) };
const start = 1_000_000;

/** The moments, out of those at which somebody asked, at which they got something. */
function served(asked: readonly number[], of = rate): number[] {
  let fullAt: FullAt;
  return asked.filter((at) => {
    const now = epochMillis(at);
    if (millisUntilToken(fullAt, of, now) > 0) return false;
    fullAt = takeToken(fullAt, of, now);
    return true;
  });
}

describe('a token bucket', () => {
  test('CP-09: gives a burst at once, and then one in each interval', () => {
    const asked = [...Array<number>(30).fill(start), start + 9_999, start + 10_000, start + 10_001, start + 20_000];
    expect(served(asked)).toEqual([...Array<number>(20).fill(start), start + 10_000, start + 20_000]);
  });

  test('is full again after a rest, and no fuller', () => {
    const after = start + 3_600_000;
    expect(served([...Array<number>(20).fill(start), ...Array<number>(25).fill(after)]).filter((at) => at === after)).toHaveLength(20);
  });

  test('says how long to wait, and then there is something', () => {
    let fullAt: FullAt;
    for (let n = 0; n < 20; n++) fullAt = takeToken(fullAt, rate, epochMillis(start));
    const wait = millisUntilToken(fullAt, rate, epochMillis(start));
    expect(wait).toBe(10_000);
    expect(millisUntilToken(fullAt, rate, epochMillis(start + wait))).toBe(0);
  });

  test('an interval of nothing limits nothing', () => {
    const asked = Array<number>(1_000).fill(start);
    expect(served(asked, { burst: 1, every: seconds(0) })).toHaveLength(1_000);
  });

  test('law: in any span there is never more than the burst and what the span brings', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 15_000 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 6 }), (between, burst) => {
        const of = { burst, every: seconds(5) };
        const asked = between.map((_, n) => start + between.slice(0, n).reduce((sum, gap) => sum + gap, 0));
        const got = served(asked, of);
        got.forEach((from, i) => {
          got.slice(i).forEach((to, n) => {
            expect(n + 1).toBeLessThanOrEqual(burst + Math.floor((to - from) / 5_000));
          });
        });
      }),
    );
  });
});
